/* Evidence: opened beside the text instead of at the end of it, in a dialog that keeps the focus. */
var drawer = document.getElementById('drawer');
var opener = null;

/* Rows that a section prints stand there alone; beside their query they are shown again. */
function rows(link) {
  var printed = document.getElementById(link.getAttribute('href').slice(1));
  var table = printed && printed.querySelector('.scroll');
  if (!table) return;
  var copy = table.cloneNode(true);
  copy.querySelectorAll('[id]').forEach(function (inner) { inner.removeAttribute('id'); });
  link.parentElement.replaceWith(copy);
}

function copied(source) {
  var copy = source.cloneNode(true);
  copy.removeAttribute('id');
  copy.querySelectorAll('[id]').forEach(function (inner) { inner.removeAttribute('id'); });
  copy.querySelectorAll('a[data-rows]').forEach(rows);
  copy.querySelectorAll('button').forEach(function (inner) { inner.remove(); });
  copy.querySelectorAll('h4').forEach(function (inner) { inner.setAttribute('aria-level', '4'); });
  if (copy.tagName !== 'DETAILS') return copy;
  var box = element('div', 'proof');
  var title = element('h3', 'opened');
  title.append.apply(title, Array.from(copy.querySelector('summary').childNodes));
  copy.querySelector('summary').remove();
  box.append(title);
  box.append.apply(box, Array.from(copy.childNodes));
  return box;
}

function bar() {
  var made = element('div', 'bar');
  var title = element('h2', '', words.evidence);
  var close = button('', words.close);
  title.id = 'drawer-title';
  close.addEventListener('click', function () { drawer.close(); });
  made.append(title, close);
  return made;
}

function openEvidence(event) {
  var link = event.target.closest('a[data-evidence]');
  if (!link || event.metaKey || event.ctrlKey) return;
  var source = document.getElementById(link.getAttribute('href').slice(1));
  if (!source) return;
  event.preventDefault();
  var inner = element('div', 'inner');
  inner.append(copied(source));
  if (source.id.indexOf('claim-') === 0) {
    var seen = {};
    source.querySelectorAll('a[data-evidence]').forEach(function (below) {
      var id = below.getAttribute('href').slice(1);
      var table = document.getElementById(id);
      if (table && !seen[id]) inner.append(copied(table));
      seen[id] = true;
    });
  }
  drawer.replaceChildren(bar(), inner);
  if (!drawer.open) {
    opener = link;
    drawer.showModal();
  }
  drawer.scrollTop = 0;
  drawer.querySelector('.bar button').focus();
}

/* Tab goes round inside the dialog, also where a browser would leave it for its own bars. */
function keepFocus(event) {
  if (event.key !== 'Tab') return;
  var stops = Array.from(drawer.querySelectorAll('a[href],button,[tabindex="0"]')).filter(function (stop) {
    return stop.getClientRects().length;
  });
  var first = stops[0];
  var last = stops[stops.length - 1];
  var leaving = event.shiftKey ? first : last;
  if (document.activeElement !== leaving) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

function startEvidence() {
  drawer.setAttribute('aria-labelledby', 'drawer-title');
  document.addEventListener('click', openEvidence);
  drawer.addEventListener('keydown', keepFocus);
  drawer.addEventListener('click', function (event) { if (event.target === drawer) drawer.close(); });
  drawer.addEventListener('close', function () {
    drawer.replaceChildren();
    if (opener) opener.focus();
    opener = null;
  });
}
