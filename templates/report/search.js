(function () {
  var MOST = 50;
  var held = JSON.parse(document.getElementById("people").textContent);
  var field = document.getElementById("find"), state = document.getElementById("find-state");
  var list = document.getElementById("found"), said = document.getElementById("found-status");
  var words = {}, texts = null;
  Array.prototype.forEach.call(state.options, function (each) { words[each.value] = each.textContent; });

  // Marks on letters and capitals make no difference, as in the order of the pages.
  function bare(text) { return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }

  function page(number) { return ("00" + number).slice(-Math.max(3, String(number).length)) + ".html"; }

  function item(person) {
    var line = document.createElement("li"), link = document.createElement("a");
    var name = document.createElement("bdi"), note = document.createElement("span");
    link.href = held.folder + "/" + page(person[2]) + "#" + person[4];
    name.dir = "auto";
    name.translate = false;
    name.textContent = person[0];
    link.appendChild(name);
    note.className = "note";
    note.textContent = person[1] + ". " + words[person[3]] + ". Page " + person[2];
    line.appendChild(link);
    line.appendChild(note);
    return line;
  }

  function find() {
    var sought = bare(field.value).split(/\s+/).filter(Boolean), found = [], count = 0;
    texts = texts || held.people.map(function (each) { return bare(each[0] + " " + each[1]); });
    list.textContent = "";
    said.textContent = "";
    if (!sought.length && !state.value) { return; }
    held.people.forEach(function (each, place) {
      if (state.value && each[3] !== state.value) { return; }
      if (!sought.every(function (word) { return texts[place].indexOf(word) >= 0; })) { return; }
      count += 1;
      if (count <= MOST) { found.push(each); }
    });
    found.forEach(function (each) { list.appendChild(item(each)); });
    said.textContent = (count === 1 ? "1 person" : count + " people") + " found" +
      (count > MOST ? "; the first " + MOST + " stand here. Type more of the name." : ".");
  }

  field.addEventListener("input", find);
  state.addEventListener("change", find);
  document.querySelectorAll("[data-find-state]").forEach(function (button) {
    button.addEventListener("click", function () {
      state.value = button.dataset.findState;
      field.value = "";
      find();
      field.focus();
    });
  });

  // The choice of everybody for a connection of nobody's is made of the same list, when one is
  // opened; before the listener of the choice itself, which copies it.
  var choices = document.getElementById("registrants");
  document.addEventListener("toggle", function () {
    if (!choices || choices.content.childElementCount) { return; }
    choices.content.appendChild(new Option("Choose a person", ""));
    held.people.forEach(function (each) {
      choices.content.appendChild(new Option(each[0] + " (" + each[1] + ")", each[5] || each[1]));
    });
  }, true);
  find();
}());
