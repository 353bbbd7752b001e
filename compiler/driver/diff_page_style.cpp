// How the page of a comparison looks, and how it is filtered. Without scripts everything is shown.
#include "compiler/driver/diff_page.hpp"

namespace tiao::driver {

const std::string_view diff_page_style = R"(
body { max-width:76rem }
h3 { font-size:1rem; margin:1.4rem 0 .2rem; color:var(--ink) } h4 { font-size:.85rem; margin:.6rem 0 0; color:var(--soft) }
caption { text-align:left; color:var(--soft); font-size:.88rem; padding:.2rem 0 } .wide { overflow-x:auto } [id] { scroll-margin-top:.5rem }
.skip { position:absolute; left:-99rem } .skip:focus { left:1rem; top:.5rem; background:var(--paper); padding:.3rem .6rem }
nav ul,.classes { display:flex; flex-wrap:wrap; gap:.2rem 1.4rem; list-style:none; padding:0; margin:.8rem 0 0 }
.numbers { display:flex; flex-wrap:wrap; gap:.4rem 2rem; margin:1rem 0 .6rem } .numbers div { display:flex; flex-direction:column-reverse } .numbers dt { font-size:.82rem; color:var(--soft) } .numbers dd { margin:0; font-size:1.5rem; font-variant-numeric:tabular-nums; line-height:1.2 }
#outcomes { width:auto } #outcomes caption { white-space:nowrap } #outcomes .moved { font-weight:700; color:var(--next) }
.n { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap; padding-right:1rem }
.counts th[scope=row] { color:var(--ink); min-width:9rem } .bars { width:32%; min-width:9rem; padding-top:.6rem }
.bar { display:flex; height:.55rem; margin-bottom:.12rem } .bar > span { width:var(--w); min-width:1px }
.both { background:var(--soft) } .leave { background:repeating-linear-gradient(135deg,var(--out) 0 3px,transparent 3px 5px) } .join { background:var(--in) } .shared { background:repeating-linear-gradient(45deg,var(--in) 0 3px,transparent 3px 5px) }
.legend { font-size:.82rem; color:var(--soft) } .legend span { margin-right:1.25rem } .legend i { display:inline-block; width:1.2em; height:.6em; margin-right:.4em }
.operation th { min-width:14rem; font-weight:400 } .operation td:last-child { min-width:14rem } tr:target > *,.clause:target { background:var(--next-bg) }
ins,.come { color:var(--in) } del,.gone { color:var(--out) } ins { text-decoration:underline; text-decoration-thickness:1px; text-underline-offset:.2em } del { text-decoration:line-through }
pre ins { background:var(--in-bg) } pre del { background:var(--out-bg) }
summary { cursor:pointer } ul { margin:.2rem 0; padding-left:1.2rem } li { overflow-wrap:anywhere }
.texts th:first-child { width:30% } .texts th[scope=row] { color:var(--ink) } .label { font-weight:400; color:var(--soft) } .texts,.concepts { table-layout:fixed } .concepts th:first-child { width:13rem; overflow-wrap:anywhere } .concepts th[scope=row] { color:var(--ink) } .concepts ul { list-style:none; padding:0 }
.number { border:1px solid var(--line); border-radius:.2rem; padding:0 .3em; font-size:.85rem; white-space:nowrap }
.clause { margin:.5rem 0 } .clause .at { margin:0; font-size:.88rem } .tag { font-size:.75rem; color:var(--soft); border:1px solid var(--line); border-radius:.2rem; padding:0 .35em }
.cause { color:var(--soft) } .left-out { font-weight:600 }
.sides { display:grid; grid-template-columns:1fr 1fr; gap:1.25rem; margin:.4rem 0; padding:.2rem .8rem .6rem; background:var(--shade) } .sides section { min-width:0 } .sides h3,.quoted h3 { margin:.5rem 0 .2rem; font-size:.92rem } .marked { list-style:none; padding-left:0 } .marked > li { padding-left:1.2em; text-indent:-1.2em } .marked .why { text-indent:0 } .marked > li > ins,.marked > li > del { text-decoration:none }
.why { color:var(--soft); font-size:.88rem; margin:.1rem 0 .3rem } .why .need { color:var(--next) }
#subjects { table-layout:fixed } #subjects .who { width:14% } #subjects .outcome { width:10% } #subjects .by { width:16% } #subjects > tbody > tr > th { color:var(--ink); overflow-wrap:anywhere } #subjects summary .meta,#subjects td > .meta { font-size:inherit }
form { display:flex; flex-wrap:wrap; gap:.5rem 1rem; align-items:end; margin:.75rem 0 } form[hidden] { display:none } label { display:flex; flex-direction:column; font-size:.82rem; color:var(--soft) }
input,select,button { font:inherit; font-size:.9rem; color:var(--ink); background:var(--paper); border:1px solid var(--soft); border-radius:.25rem; padding:.3rem .5rem; max-width:18rem } button { cursor:pointer }
output { flex-basis:100%; font-size:.88rem }
@media (max-width:44rem) {
  #subjects,#subjects > tbody,#subjects > tbody > tr,#subjects > tbody > tr > *,#subjects > caption { display:block; width:auto } #subjects > colgroup,#subjects > thead { display:none } #subjects > tbody > tr[hidden] { display:none } #subjects > tbody > tr { border-bottom:1px solid var(--line); padding:.4rem 0 } #subjects > tbody > tr > * { border:0; padding:.1rem 0 }
  .sides { grid-template-columns:1fr } #outcomes caption { white-space:normal } #outcomes .n { white-space:normal } .counts { min-width:34rem } .concepts { min-width:40rem } .wide caption { position:sticky; left:0; width:86vw } label,input,select { width:100%; max-width:none }
  .texts,.texts > tbody,.texts > tbody > tr,.texts > tbody > tr > * { display:block; width:auto } .texts > thead { display:none } .texts th[scope=row] { width:auto; border:0; padding-bottom:0 }
}
@media print { form,nav,.skip { display:none } .wide { overflow:visible } .bar > span,.legend i,pre ins,pre del { -webkit-print-color-adjust:exact; print-color-adjust:exact } .clause,.operation { break-inside:avoid-page } }
)";

// Clauses are quoted once at the bottom of the page; a row that is opened shows those that its verdicts rest on.
const std::string_view diff_page_script = R"((() => {
  const quote = details => {
    for (const place of details.querySelectorAll('[data-clauses]')) {
      const clauses = place.dataset.clauses.split(' ').map(id => document.getElementById('c' + id)).filter(Boolean);
      place.removeAttribute('data-clauses');
      place.querySelector('ul').replaceWith(...clauses.map(one => { const copy = one.cloneNode(true); copy.removeAttribute('id'); return copy; }));
    }
  };
  document.addEventListener('toggle', event => { if (event.target.open) quote(event.target); }, true);
  const reveal = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let up = target; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true;
    if (target && /^[ct]\d/.test(target.id)) { const inner = target.querySelector('details'); if (inner) inner.open = true; target.scrollIntoView(); }
  };
  addEventListener('hashchange', reveal);
  reveal();
  const form = document.getElementById('filter'), table = document.getElementById('subjects');
  if (!form || !table) return;
  const list = words => (words || '').split(' ');
  const rows = [...table.tBodies[0].rows].map(row => ({ row, text: row.textContent.toLowerCase(), e: row.dataset.e, r: list(row.dataset.r), o: list(row.dataset.o), k: list(row.dataset.k) }));
  const count = form.querySelector('output'), signs = { remedy_gained: '+', remedy_lost: '-', remedy_changed: '~' };
  const apply = () => {
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const of = name => form.elements[name] ? form.elements[name].value : '';
    const [e, r, o, k] = [of('entity'), of('remedy'), of('operation'), of('kind')];
    const ways = signs[k] ? [signs[k]] : Object.values(signs);
    let shown = 0;
    for (const one of rows) {
      const show = (!e || one.e === e) && (!r || ways.some(sign => one.r.includes(sign + r))) && (!o || one.o.includes(o)) && (!k || one.k.includes(k)) && words.every(word => one.text.includes(word));
      one.row.hidden = !show;
      if (show) ++shown;
    }
    count.textContent = count.dataset.words.replace('{}', shown).replace('{}', rows.length);
  };
  const open = all => rows.forEach(one => { const details = one.row.querySelector('details'); if (details && !one.row.hidden) details.open = all; });
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(apply));
  document.getElementById('open').addEventListener('click', () => open(true));
  document.getElementById('close').addEventListener('click', () => open(false));
  document.addEventListener('click', event => {
    const link = event.target.closest('a[data-remedy],a[data-operation]');
    if (!link) return;
    form.reset();
    const name = link.dataset.remedy ? 'remedy' : 'operation';
    if (form.elements[name]) form.elements[name].value = link.dataset.remedy || link.dataset.operation;
    setTimeout(apply);
  });
  form.hidden = false;
  apply();
})();)";

}  // namespace tiao::driver
