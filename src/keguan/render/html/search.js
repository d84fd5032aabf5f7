/* Search: headings, sentences, notes and rows of tables that hold all words asked for. */
var MOST_FOUND = 60;
var SOUGHT = 'h2,h3,.question,.claim .says,.note>span,.card,figcaption .title,section>p,.comment>p,.absent,' +
  'tbody tr,.proof>summary';
var RANK = { H2: 0, H3: 0, FIGCAPTION: 1, TR: 3, SUMMARY: 4 };

function indexed() {
  var part = '';
  var below = '';
  var list = [];
  document.querySelectorAll('main ' + SOUGHT.split(',').join(',main ')).forEach(function (found) {
    var name = found.tagName;
    var text = textOf(found);
    if (name === 'H2') { part = text; below = ''; }
    if (name === 'H3') below = text;
    if (!text) return;
    var rank = found.closest('figcaption') ? 1 : name in RANK ? RANK[name] : 2;
    if (found.closest('.proof')) rank = RANK.SUMMARY;
    var caption = name === 'TR' && found.closest('figure') && found.closest('figure').querySelector('.title');
    var place = [part, name === 'H2' || name === 'H3' ? '' : below, caption ? caption.textContent : ''];
    list.push({
      target: found,
      text: text,
      asked: text.normalize('NFKC'),
      rank: rank,
      place: name === 'H2' ? '' : place.filter(Boolean).join(' › ')
    });
  });
  return list;
}

function textOf(found) {
  if (found.tagName === 'TR') {
    return Array.from(found.cells).map(function (cell) { return cell.textContent; }).filter(Boolean).join(' · ');
  }
  if (/^H/.test(found.tagName)) {
    return Array.from(found.childNodes).filter(function (node) {
      return node.nodeType === 3 || node.className === 'no';
    }).map(function (node) { return node.textContent; }).join(' ').trim();
  }
  return found.textContent.trim();
}

/* One pattern for each word; 1743 also finds 1,743. */
function patterns(query) {
  return query.normalize('NFKC').replace(/(\d),(?=\d{3})/g, '$1').trim().split(/\s+/).filter(Boolean)
    .map(function (word) {
      return word.replace(/[.*+?^${}()|[\]\\\/-]/g, '\\$&').replace(/(\d)(?=\d)/g, '$1,?');
    });
}

function search(list, query) {
  var wanted = patterns(query).map(function (word) { return new RegExp(word, 'i'); });
  if (!wanted.length) return [];
  return list.filter(function (entry) {
    return wanted.every(function (word) { return word.test(entry.asked); });
  }).sort(function (one, other) { return one.rank - other.rank; });
}

/* The words around the first hit, the hits set apart. */
function excerpt(text, query) {
  var any = new RegExp(patterns(query).join('|'), 'gi');
  var first = text.search(any);
  var start = first > 40 ? first - 24 : 0;
  if (start && /[\uDC00-\uDFFF]/.test(text[start])) start -= 1;
  var cut = (start ? '…' : '') + Array.from(text.slice(start, start + 320)).slice(0, 150).join('');
  var box = element('span', 'text');
  var at = 0;
  cut.replace(any, function (hit) {
    var place = arguments[arguments.length - 2];
    box.append(cut.slice(at, place), element('mark', '', hit));
    at = place + hit.length;
    return hit;
  });
  box.append(cut.slice(at));
  return box;
}

function startSearch() {
  var list;
  var active = -1;
  var box = element('div', 'find');
  var field = element('input');
  var panel = element('div', 'panel');
  var count = element('p', 'count');
  var results = element('div', 'results');
  var wide = window.matchMedia('(min-width: 1021px)');
  box.setAttribute('role', 'search');
  field.type = 'search';
  field.autocomplete = 'off';
  field.spellcheck = false;
  field.placeholder = words.search;
  field.title = words.search_hint;
  count.setAttribute('role', 'status');
  panel.hidden = true;
  results.id = 'results';
  Object.entries({
    role: 'combobox', 'aria-label': words.search, 'aria-expanded': 'false', 'aria-controls': 'results',
    'aria-autocomplete': 'list', 'aria-keyshortcuts': '/'
  }).forEach(function (pair) { field.setAttribute(pair[0], pair[1]); });
  results.setAttribute('role', 'listbox');
  results.setAttribute('aria-label', words.search);
  panel.append(count, results);
  box.append(field, panel);

  function place() {
    if (wide.matches) document.querySelector('.rail').prepend(box);
    else document.querySelector('.folded').before(box);
  }

  function open(shown) {
    panel.hidden = !shown;
    field.setAttribute('aria-expanded', String(shown));
    var room = window.innerHeight - field.getBoundingClientRect().bottom - 24;
    panel.style.maxHeight = Math.max(240, Math.min(560, room)) + 'px';
    if (!shown) choose(-1);
  }

  function choose(next) {
    var options = results.children;
    if (options[active]) options[active].setAttribute('aria-selected', 'false');
    active = next;
    if (!options[active]) { field.removeAttribute('aria-activedescendant'); return; }
    options[active].setAttribute('aria-selected', 'true');
    options[active].scrollIntoView({ block: 'nearest', behavior: 'instant' });
    field.setAttribute('aria-activedescendant', options[active].id);
  }

  function result(entry, number, query) {
    var made = element('div', 'result');
    made.id = 'result-' + number;
    made.setAttribute('role', 'option');
    made.setAttribute('aria-selected', 'false');
    made.append(excerpt(entry.text, query));
    if (entry.place) made.append(element('span', 'place', entry.place));
    made.addEventListener('click', function () { go(entry); });
    return made;
  }

  function go(entry) {
    open(false);
    reveal(entry.target, 'center');
    marked(entry.target);
  }

  function look() {
    list = list || indexed();
    var query = field.value;
    var found = search(list, query);
    var listed = found.slice(0, MOST_FOUND);
    results.replaceChildren.apply(results, listed.map(function (entry, number) {
      return result(entry, number, query);
    }));
    panel.scrollTop = 0;
    active = -1;
    results.hidden = !listed.length;
    var word = !found.length ? words.search_none
      : found.length > listed.length ? words.search_first : words.search_found;
    count.textContent = word.replace('{n}', found.length).replace('{shown}', listed.length);
    open(Boolean(query.trim()));
    if (!panel.hidden) choose(-1);
  }

  function keys(event) {
    var last = results.children.length - 1;
    if (event.isComposing) return; /* Enter and arrows belong to the input method */
    if (event.key === 'Escape') {
      if (panel.hidden) { field.value = ''; field.blur(); } else open(false);
    } else if (event.key === 'ArrowDown' && !panel.hidden) choose(active < last ? active + 1 : 0);
    else if (event.key === 'ArrowDown') look();
    else if (event.key === 'ArrowUp' && !panel.hidden) choose(active > 0 ? active - 1 : last);
    else if (event.key === 'Enter' && !panel.hidden && last >= 0) results.children[Math.max(active, 0)].click();
    else return;
    event.preventDefault();
  }

  field.addEventListener('input', look);
  field.addEventListener('focus', function () { if (field.value.trim()) look(); });
  field.addEventListener('keydown', keys);
  results.addEventListener('mousedown', function (event) { event.preventDefault(); });
  document.addEventListener('pointerdown', function (event) { if (!box.contains(event.target)) open(false); });
  box.addEventListener('focusout', function (event) { if (!box.contains(event.relatedTarget)) open(false); });
  document.addEventListener('keydown', function (event) {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || drawer.open) return;
    if (event.target.closest && event.target.closest('input,textarea,select')) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  wide.addEventListener('change', place);
  place();
}
