#include "runtime/facts/pieces.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "runtime/facts/register.hpp"

namespace tiao::facts {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;

// Behind the last line break that ends a record; 0: there is none.
std::size_t end_of_records(const char* text, std::size_t size, bool quotes) {
  bool inside = quotes && std::memchr(text, '"', size) != nullptr && std::count(text, text + size, '"') % 2 != 0;
  for (std::size_t i = size; i-- > 0;) {
    if (quotes && text[i] == '"') inside = !inside;
    else if (text[i] == '\n' && !inside) return i + 1;
  }
  return 0;
}

// Whole records, where they go, and what became of them.
struct Piece {
  Piece(FactBuilder& whole, const Pieces& pieces, bool own_texts) : part(whole, errors, own_texts), reader(pieces.reader(part)) {}

  void read() {
    try {
      taken = reader->read({bytes.data(), size}, extent) && errors.empty();
    } catch (...) {
      failure = std::current_exception();
    }
  }

  LoadErrors errors{0};
  FactBuilder part;
  std::unique_ptr<PieceReader> reader;
  std::vector<char> bytes;
  std::size_t size = 0;      // with the line break that was added
  bool added = false;        // the last line of a file need not have one
  Extent extent;
  bool taken = false, done = false;
  std::exception_ptr failure;
};

// Cuts the input. Bytes behind the last whole record wait for the next piece.
class Cutter {
 public:
  Cutter(Input& input, const Pieces& pieces) : input_(input), quotes_(pieces.quotes), most_(pieces.max_record), target_(std::min(piece_size, pieces.max_record)) {}

  enum class Cut : std::uint8_t { piece, end, stuck };
  Cut next(Piece& piece) {
    std::vector<char>& bytes = piece.bytes;
    for (std::size_t target = target_;; target = std::min(target * 4, most_)) {
      bytes.resize(std::max(target, rest_.size()) + Input::padding + 1);
      std::copy(rest_.begin(), rest_.end(), bytes.begin());
      const std::size_t room = bytes.size() - Input::padding - 1;
      std::size_t size = rest_.size() + input_.take(bytes.data() + rest_.size(), room - rest_.size());
      rest_.clear();
      if (input_.failed()) return stuck(bytes.data(), size);
      if (size < room) {   // the end of the file
        if (size == 0) return Cut::end;
        if (size > most_) return stuck(bytes.data(), size);
        piece.added = bytes[size - 1] != '\n';
        if (piece.added) bytes[size++] = '\n';
        piece.size = size;
        return Cut::piece;
      }
      piece.added = false;
      piece.size = end_of_records(bytes.data(), size, quotes_);
      rest_.assign(bytes.begin() + static_cast<std::ptrdiff_t>(piece.size), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      if (piece.size != 0) return Cut::piece;
      if (size >= most_) return Cut::stuck;
    }
  }
  std::string_view rest() const { return {rest_.data(), rest_.size()}; }

 private:
  Cut stuck(const char* text, std::size_t size) {
    rest_.assign(text, text + size);
    return Cut::stuck;
  }

  Input& input_;
  bool quotes_;
  std::size_t most_, target_;
  std::vector<char> rest_;
};

// Threads that take pieces in their order; whoever waits for one reads others meanwhile.
class Crew {
 public:
  explicit Crew(unsigned helpers) {
    for (unsigned i = 0; i < helpers; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Crew() {
    {
      const std::lock_guard lock(mutex_);
      waiting_.clear();
      over_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }
  void add(Piece& piece) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(&piece);
    }
    changed_.notify_all();
  }
  void wait_for(const Piece& piece) {
    std::unique_lock lock(mutex_);
    while (!piece.done) {
      if (waiting_.empty()) changed_.wait(lock);
      else read_one(lock);
    }
  }

 private:
  void work() {
    std::unique_lock lock(mutex_);
    while (!over_) {
      if (waiting_.empty()) changed_.wait(lock);
      else read_one(lock);
    }
  }
  void read_one(std::unique_lock<std::mutex>& lock) {
    Piece& piece = *waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    piece.read();
    lock.lock();
    piece.done = true;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Piece*> waiting_;
  bool over_ = false;
  std::vector<std::thread> threads_;
};

// Room for the rows of the whole file, by what its first piece was like.
void make_room(FactBuilder& whole, const Pieces& pieces, std::size_t bytes) {
  constexpr std::uint64_t most = 50'000'000;
  const std::uint64_t rows = whole.rows(pieces.entity).rows;
  if (bytes == 0 || pieces.file_size <= bytes) return;
  whole.reserve(pieces.entity, static_cast<std::uint32_t>(std::min(most, rows * (pieces.file_size + pieces.file_size / 64) / bytes)));
}

}  // namespace

bool read_in_pieces(FactBuilder& whole, Input& input, const Pieces& pieces, Extent& done) {
  Cutter cutter(input, pieces);
  const bool alone = pieces.threads <= 1 || pieces.file_size <= 2 * piece_size;
  const std::size_t at_once = alone ? 1 : 2 * pieces.threads + 1;
  std::vector<std::unique_ptr<Piece>> idle;
  std::deque<std::unique_ptr<Piece>> under_way;
  bool good = true, first = true;
  {
    std::optional<Crew> crew;   // ends before what it reads does
    if (!alone) crew.emplace(pieces.threads - 1);
    Cutter::Cut cut = Cutter::Cut::piece;
    while (good) {
      while (cut == Cutter::Cut::piece && under_way.size() < at_once) {
        if (idle.empty()) idle.push_back(std::make_unique<Piece>(whole, pieces, !alone));
        cut = cutter.next(*idle.back());
        if (cut != Cutter::Cut::piece) break;
        under_way.push_back(std::move(idle.back()));
        idle.pop_back();
        under_way.back()->done = false;
        if (crew) crew->add(*under_way.back());
      }
      if (under_way.empty()) break;
      Piece& next = *under_way.front();
      if (crew) crew->wait_for(next);
      else next.read();
      if (next.failure) std::rethrow_exception(next.failure);
      if (!next.taken) {
        good = false;
        break;
      }
      whole.append(next.part, pieces.entity, done.lines);
      done.lines += next.extent.lines;
      done.rows += next.extent.rows;
      if (first && pieces.entity != none) make_room(whole, pieces, next.size);
      first = false;
      idle.push_back(std::move(under_way.front()));
      under_way.pop_front();
    }
    good = good && cut == Cutter::Cut::end;
  }
  if (good) return true;
  std::string left;
  for (const auto& piece : under_way) left.append(piece->bytes.data(), piece->size - piece->added);
  left += cutter.rest();
  input.give_back(left);
  return false;
}

}  // namespace tiao::facts
