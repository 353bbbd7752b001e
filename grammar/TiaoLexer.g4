// The words of Tiao. Normative: keywords.def lists the same spellings for documentation, and a test compares the two.
//
// Every keyword is one token with an English and a Chinese spelling. The longest match wins; a keyword of several English
// words ends at a word boundary, so `in forced_exit` is not `in force`. Which words are keywords only in some places is
// decided after lexing, from their neighbours (compiler/syntax/lexing.cpp).
lexer grammar TiaoLexer;

@members {
  // The tables are built when the first text is read; see grammar/lazy.cmake.
  static void prepare();

  // True for a character that would make the word before it longer.
  static bool isWordPart(size_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (c == static_cast<size_t>(-1)) return false;
    // Spaces and punctuation beyond ASCII: general punctuation, CJK punctuation, full-width forms of ASCII signs.
    return c > 0xa0 && c != 0xd7 && !(c >= 0x2000 && c <= 0x206f) && !(c >= 0x3000 && c <= 0x3004) && !(c >= 0x3008 && c <= 0x303f)
        && !(c >= 0xff00 && c <= 0xff0f) && !(c >= 0xff1a && c <= 0xff20) && !(c >= 0xff3b && c <= 0xff40) && !(c >= 0xff5b && c <= 0xff65);
  }
}

@definitions {
  void TiaoLexer::prepare() { static const Initializer once; }
}


// levels
CHAPTER       : 'chapter' | '章' ;
SECTION       : 'section' | '节' ;
PART          : 'part' | '部分' ;
ARTICLE       : 'article' | '条' ;
PARAGRAPH     : 'paragraph' | '款' ;
ITEM          : 'item' | '项' ;
SUBITEM       : 'subitem' | '目' ;
LIMB          : 'limb' | '分项' ;
SENTENCE      : 'sentence' | '句' ;
HEAD          : 'head' | '首段' ;
TAIL          : 'tail' | '末段' ;

// declarations
USE           : 'use' | '引用' ;
AGREEMENT     : 'agreement' | '协议文本' ;
SUPPLEMENT    : 'supplement' | '补充文本' ;
AMENDS        : 'amends' | '修改' ;
CONTINUED     : 'continued' | '续载' ;
ENTITY        : 'entity' | '名册' ;
EXTEND        : 'extend' | '增补' ;
ENUM          : 'enum' | '列举' ;
ORDERED       : 'ordered' | '由低到高' ;
ONE_OF        : 'one' S 'of' {!isWordPart(_input->LA(1))}? | '取自' ;
KEY           : 'key' | '主键' ;
BELONGS_TO    : 'belongs' S 'to' {!isWordPart(_input->LA(1))}? | '隶属' ;
REFERS_TO     : 'refers' S 'to' {!isWordPart(_input->LA(1))}? | '指向' ;
FACT          : 'fact' | '事实' ;
FINDING       : 'finding' | '查实' ;
JUDGMENT      : 'judgment' | '认定' ;
PRESUMED      : 'presumed' | '推定' ;
BY            : 'by' | '由' ;
DATED         : 'dated' | '记于' ;
UNIT          : 'unit' | '计量单位' ;
CALENDAR      : 'calendar' | '日历' ;
CLOSED        : 'closed' | '休' ;
WORKS         : 'works' | '上班' ;
ACTOR         : 'actor' | '主体' ;
CONCEPT       : 'concept' | '概念' ;
REMEDY        : 'remedy' | '处理方式' ;
TAKES         : 'takes' | '载' ;
SEVERITY      : 'severity' | '轻重' ;
COMBINE       : 'combine' | '并处' ;
INCLUDES      : 'includes' | '包含' ;
CHOSEN        : 'chosen' | '实取' ;

// header lines
STATUS        : 'status' | '文本状态' ;
SUBJECT       : 'subject' | '适用对象' ;
IN_FORCE      : 'in' S 'force' {!isWordPart(_input->LA(1))}? | '有效' ;
THROUGHOUT    : 'throughout' | '全文' ;
EDITION       : 'edition' | '版本依' ;
CONVENTION    : 'convention' | '通例' ;
BY_CONVENTION : 'by' S 'convention' {!isWordPart(_input->LA(1))}? | '按通例' ;
PERIOD        : 'period' | '周期' ;
APPLIES       : 'applies' | '适用' ;

// rules and acts
WHEN          : 'when' | '当' ;
UNLESS        : 'unless' | '除非' ;
THEN          : 'then' | '则' ;
OTHERWISE     : 'otherwise' | '否则' ;
MUST          : 'must' | '应当' ;
MUST_NOT      : 'must' S 'not' {!isWordPart(_input->LA(1))}? | '不得' ;
MAY           : 'may' | '可以' ;
AUTOMATICALLY : 'automatically' | '自动' ;
IN_PRINCIPLE  : 'in' S 'principle' {!isWordPart(_input->LA(1))}? | '原则上' ;
FOR           : 'for' | '为期' ;
FROM          : 'from' | '自' ;
UNTIL         : 'until' | '直至' ;
THROUGH       : 'through' | '止于' ;
TO            : 'to' | '到' ;
AGAINST       : 'against' | '对' ;
FOR_EACH      : 'for' S 'each' {!isWordPart(_input->LA(1))}? | '对每个' ;
AS            : 'as' | '称' ;
WHERE         : 'where' | '其中' ;
DEFINE        : 'define' | '所称' ;
MEANS         : 'means' | '指' ;
RECORDED      : 'recorded' | '仅载' ;
ELSEWHERE     : 'elsewhere' | '另载' ;
DUTY          : 'duty' | '义务' ;
DUE           : 'due' | '限期' ;
BREACH_UNDER  : 'breach' S 'under' {!isWordPart(_input->LA(1))}? | '违者依' ;
BREACH_OF     : 'breach' S 'of' {!isWordPart(_input->LA(1))}? | '违反' ;
BY_WORDING    : 'by' S 'wording' {!isWordPart(_input->LA(1))}? | '按文义' ;
BY_CITATION   : 'by' S 'citation' {!isWordPart(_input->LA(1))}? | '按援引' ;
EXCEPTION_TO  : 'exception' S 'to' {!isWordPart(_input->LA(1))}? | '例外于' ;
OVERRIDES     : 'overrides' | '优先于' ;
RESIDUAL      : 'residual' S 'to' {!isWordPart(_input->LA(1))}? | '兜底于' ;
ACTIVATE      : 'activate' | '启用' ;
REQUIRE       : 'require' | '须' ;
REPORT        : 'report' | '列示' ;
READING       : 'reading' | '读法' ;
DEFAULT       : 'default' | '首选' ;
PARAMETER     : 'parameter' | '参数' ;
TABLE         : 'table' | '表' ;
HIT           : 'hit' | '命中' ;

// through time
LEDGER        : 'ledger' | '账簿' ;
ENTER         : 'enter' | '入账' ;
CREDIT        : 'credit' | '冲减' ;
FLOOR         : 'floor' | '下限' ;
OPENS_AT      : 'opens' S 'at' {!isWordPart(_input->LA(1))}? | '期初' ;
PER           : 'per' | '每' ;
TIMELINE      : 'timeline' | '状态线' ;
STATES        : 'states' | '状态有' ;
STARTS        : 'starts' | '初始' ;
ON            : 'on' | '遇' ;
GIVES         : 'gives' | '转为' ;
SHORTEN       : 'shorten' | '缩短' ;
OVERLAP       : 'overlap' | '重叠' ;
STAGES        : 'stages' | '阶段' ;
GROUP         : 'group' | '归并' ;

// amending
INSERT        : 'insert' | '增加' ;
REPLACE       : 'replace' | '改为' ;
REPEAL        : 'repeal' | '删去' ;
APPEND        : 'append' | '续写' ;
RENUMBER      : 'renumber' | '改号' ;

// scenarios
SCENARIO      : 'scenario' | '案例' ;
GIVEN         : 'given' | '已知' ;
EXPECT        : 'expect' | '应得' ;
NO            : 'no' | '无' ;
UNDETERMINED  : 'undetermined' | '待定' ;
NEEDS         : 'needs' | '尚需' ;
CITING        : 'citing' | '依据' ;
OUTCOME       : 'outcome' | '结论' ;
FLAG          : 'flag' | '提示' ;
AS_OF         : 'as' S 'of' {!isWordPart(_input->LA(1))}? | '截至' ;
OPEN          : 'open' | '未尽' ;

// logic and comparing
OR            : 'or' | '或' | '或者' ;
AND           : 'and' | '且' | '并且' ;
NOT           : 'not' | '非' | '未' ;
IS_NOT        : 'is' S 'not' {!isWordPart(_input->LA(1))}? | '!=' | '不为' | '不是' ;
IS            : 'is' | '为' ;
AT_LEAST      : 'at' S 'least' {!isWordPart(_input->LA(1))}? | '>=' | '≥' | '达到' | '不低于' | '不少于' ;
AT_MOST       : 'at' S 'most' {!isWordPart(_input->LA(1))}? | '<=' | '≤' | '不超过' | '不高于' ;
OVER          : 'over' | '>' | '超过' | '高于' ;
UNDER         : 'under' | '<' | '低于' | '不满' | '不足' ;
CROSSES       : 'crosses' | '首次达到' ;
MEETS         : 'meets' | '符合' ;
BEFORE        : 'before' | '早于' ;
AFTER         : 'after' | '晚于' ;
ON_OR_BEFORE  : 'on' S 'or' S 'before' {!isWordPart(_input->LA(1))}? | '不晚于' ;
ON_OR_AFTER   : 'on' S 'or' S 'after' {!isWordPart(_input->LA(1))}? | '不早于' ;
IS_SET        : 'is' S 'set' {!isWordPart(_input->LA(1))}? | '已填' ;
SUSPECTED     : 'suspected' | '疑似' ;
COUNT_OF_ITEMS : 'count' S 'of' S 'items' {!isWordPart(_input->LA(1))}? | '符合项数' ;
ANY_ITEM      : 'any' S 'item' {!isWordPart(_input->LA(1))}? | '任一项' ;
ALL_ITEMS     : 'all' S 'items' {!isWordPart(_input->LA(1))}? | '各项' ;
EXCEPT        : 'except' | '不含' ;
OF            : 'of' | 'into' | '属于' | '之' ;
IN_BOTTOM     : 'in' S 'bottom' {!isWordPart(_input->LA(1))}? | '在末位' ;
IN_TOP        : 'in' S 'top' {!isWordPart(_input->LA(1))}? | '在前列' ;
IN            : 'in' | '在' ;
IF_NONE       : 'if' S 'none' {!isWordPart(_input->LA(1))}? | '无则' ;
IF            : 'if' | '若' ;
TAKE          : 'take' | '取' ;

// aggregates
COUNT         : 'count' | '计次' ;
SUM           : 'sum' | '合计' ;
HIGHEST       : 'highest' | '最高' ;
LOWEST        : 'lowest' | '最低' ;
AVERAGE       : 'average' | '平均' ;
SHARE         : 'share' | '占比' ;
EARLIEST      : 'earliest' | '最早' ;
LATEST        : 'latest' | '最晚' ;
ONLY          : 'only' | '唯一' ;
EXISTS        : 'exists' | '存在' ;
EVERY         : 'every' | '每个' ;
HAS           : 'has' | '均' ;
AMONG         : 'among' | '于' ;
WHOLE         : 'whole' | '全体' ;
WITH_SAME     : 'with' S 'same' {!isWordPart(_input->LA(1))}? | '同' ;
CONSECUTIVE   : 'consecutive' | '连续' ;
TIES_INCLUDED : 'ties' S 'included' {!isWordPart(_input->LA(1))}? | '同分计入' ;
TIES_EXCLUDED : 'ties' S 'excluded' {!isWordPart(_input->LA(1))}? | '同分不计' ;

// values
THIS          : 'this' | '本' ;
TRUE          : 'true' | '是' ;
FALSE         : 'false' | '否' ;
UNSTATED      : 'unstated' | '未载明' ;
UNKNOWN       : 'unknown' | '未知' ;
NEVER         : 'never' | '从未' ;
WORKING_DAYS  : 'working' S 'days' {!isWordPart(_input->LA(1))}? | 'working' S 'day' {!isWordPart(_input->LA(1))}? | '工作日' | '个工作日' ;

// ── addresses: one token in Chinese, from big to small ──
fragment S     : [ \t]+ ;
fragment CN    : [一二三四五六七八九十百零〇]+ ;
fragment NUM   : CN | [0-9]+ ;
fragment LP    : '(' | '（' ;
fragment RP    : ')' | '）' ;
fragment STEP  : '第' NUM ('章'|'节'|'部分'|'条'|'款'|'项'|'目'|'句'|'分项') ;
fragment MARK  : LP CN RP ;
fragment MARK2 : '第' LP CN RP ('款'|'项') ;
// 一步：第二款
SEG       : STEP ;
// （四）
ITEM_MARK : MARK ;
// 第三十一条（二）1第一句、第七十一条第（十四）款、五（一）第二句、二（二）3
ADDR      : (STEP | MARK | MARK2 | CN MARK) (STEP | MARK | MARK2 | '首段' | '末段')* ([0-9]+ (LP [0-9]+ RP)? ('第' NUM '句')?)? ;
CNNUM     : CN ;

// ── literals ──
// 2025-03 is the month, all its days; a difference of numbers is written with spaces.
DATE    : D4 '-' D2 ('-' D2)? | D4 '年' (D1 '月' (D1 '日')?)? ;
fragment D4 : [0-9][0-9][0-9][0-9] ;
fragment D2 : [0-9][0-9] ;
fragment D1 : [0-9][0-9]? ;
INT     : [0-9]+ ;
DECIMAL : [0-9]+ '.' [0-9]+ ;
STRING  : '"' ~["\r\n]* '"' | '“' ~[”\r\n]* '”' ;
// Shorter than STRING wherever that matches; reported before parsing.
UNCLOSED_STRING : '"' ~["\r\n]* | '“' ~[”\r\n]* ;

// ── punctuation, with full-width twins ──
RANGE : '..' | '..<' | '<..' | '<..<' | '至' ;
LPAR  : LP ;
RPAR  : RP ;
LB    : '{' | '｛' ;
RB    : '}' | '｝' ;
COMMA : ',' | '，' | '、' ;
COLON : ':' | '：' ;
SEMI  : ';' | '；' | '。' ;
EQ    : '=' | '＝' ;
PLUS  : '+' | '＋' ;
MINUS : '-' | '－' ;
STAR  : '*' | '×' ;
SLASH : '/' ;
DOT   : '.' ;
BAR   : '|' | '｜' ;
PCT   : '%' | '％' ;

IDENT   : [\p{Alpha}_\p{Han}] [\p{Alpha}_\p{Han}\p{Nd}]* ;
COMMENT : '#' ~[\r\n]* -> skip ;
WS      : [ \t\r\n\u00A0\u3000]+ -> skip ;
// So that the lexer itself never fails; reported before parsing.
UNKNOWN_CHARACTER : . ;
