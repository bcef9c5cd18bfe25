// For engines that cannot run the kiosk's wasm, or where it fails: shows the HTML that the
// server draws (design 5.4, `html`). ECMAScript 5 only, as such engines have no more.
function gantryLite() {
  if (window.gantryLiteRuns) { return; }
  window.gantryLiteRuns = true;
  var root = document.getElementById("gantry");
  var page = JSON.parse(document.getElementById("gantry-state").textContent);
  var socket = null, failures = 0, heardAt = Date.now(), shownAt = heardAt, lost = true;
  var retryAt = 0, epoch = page.epoch, seq = page.seq, ended = false;
  var blank = false, words = "", identifyUntil = 0, covered = "";
  var cover = document.createElement("div");
  cover.innerHTML = "<div class='cover-middle'><div class='cover-texts'>"
    + "<p class='cover-text' dir='auto'></p><p class='cover-note'></p></div></div>";
  document.body.appendChild(cover);

  function layOver() {
    var identify = Date.now() < identifyUntil, size = words.length;
    var text = identify ? "/d/" + page.code : blank ? "" : words;
    var note = identify ? window.innerWidth + " \u00d7 " + window.innerHeight + " \u00b7 lite" : "";
    var look = !identify && !blank && !words ? "cover" : "cover on "
      + (identify || size < 37 ? "large" : size < 111 ? "middle" : "small");
    if (covered === look + text + note) { return; }
    covered = look + text + note;
    cover.className = look;
    cover.querySelector(".cover-text").textContent = text;
    cover.querySelector(".cover-note").textContent = note;
  }
  // A screen never leaves its picture for a page that might not come.
  function lookAt(code, found) {
    var request = new XMLHttpRequest();
    request.open("HEAD", "/d/" + code, true);
    request.timeout = 10000;
    request.onreadystatechange = function () {
      if (request.readyState !== 4) { return; }
      found(request.status === 200,
        request.status === 404 && !!request.getResponseHeader("gantry-display"));
    };
    request.send();
  }
  function end() {
    ended = true;
    root.innerHTML = "<div class='plain'><div class='plain-text'>"
      + "<h1>This display has ended</h1><p>Thank you for watching.</p></div></div>";
  }
  function obey(opened, command) {
    function ack(done) {
      try { opened.send(JSON.stringify({ type: "ack", id: command.id, done: done })); }
      catch (error) { /* It is closing, and the screen connects again. */ }
    }
    function leave(code) {
      lookAt(code, function (here) {
        ack(here);
        if (here) { setTimeout(function () { location.href = "/d/" + code; }, 300); }
      });
    }
    if (command.action === "identify") { identifyUntil = Date.now() + 10000; }
    else if (command.action === "blank") { blank = command.on; }
    else if (command.action === "message") { words = command.text; }
    else if (command.action === "reload") { leave(page.code); return; }
    else if (command.action === "redirect") { leave(command.code); return; }
    else { return; }
    layOver();
    ack(true);
  }
  function notice(text) {
    var mark = root.querySelector(".notice");
    if (mark) { mark.className = text ? "notice on" : "notice"; mark.textContent = text; }
  }
  function connect() {
    var opened = new WebSocket(
      location.protocol.replace("http", "ws") + "//" + location.host + "/d/" + page.code + "/live");
    socket = opened;
    heardAt = Math.max(heardAt, Date.now() - 15000);
    opened.onopen = function () {
      heardAt = Date.now();
      opened.send(JSON.stringify({ type: "hello", epoch: epoch, seq: seq, screen: {
        level: "lite", width: window.innerWidth, height: window.innerHeight, version: "" } }));
    };
    opened.onmessage = function (event) {
      var message;
      heardAt = Date.now();
      failures = 0;
      lost = false;
      notice("");
      try { message = JSON.parse(event.data); } catch (error) { return; }
      if (message.type === "html") {
        root.innerHTML = message.html;
        ended = false;
        seq = message.seq;
        shownAt = heardAt;
      } else if (message.type === "ping") {
        opened.send(JSON.stringify({ type: "pong", sent_at_us: message.sent_at_us,
          screen_at_us: heardAt * 1000, echo: { seq: seq, top: "", age_ms: heardAt - shownAt } }));
      } else if (message.type === "command") {
        obey(opened, message);
      } else if (message.type === "ended") {
        end();
        drop();
      }
    };
    opened.onclose = drop;
  }
  function drop() {
    var wasOpen = !lost;
    if (!socket) { return; }
    socket.onopen = socket.onmessage = socket.onclose = null;
    try { socket.close(); } catch (error) { /* It is gone already. */ }
    socket = null;
    retryAt = Date.now()
      + (ended ? 60000 : Math.min(500 * Math.pow(2, failures), 15000)) * (0.75 + Math.random() / 2);
    failures += 1;
    if (!wasOpen && !ended) {
      // An engine does not tell why it could not connect: the display may be over.
      lookAt(page.code, function (here, gone) { if (gone && !socket) { end(); } });
    }
    lost = true;
  }
  setInterval(function () {
    var now = Date.now(), silent = now - heardAt;
    if (socket && silent > 25000) { drop(); }
    if (!socket && now >= retryAt) { connect(); }
    if (lost && silent > 5000 && !ended) {
      notice("Reconnecting, last update " + Math.floor(silent / 1000) + " s ago");
    }
    layOver();
  }, 500);
}
