// For engines that cannot run the kiosk's wasm, or where it fails: shows the HTML that the
// server draws (design 5.4, `html`). ECMAScript 5 only, as such engines have no more.
function gantryLite() {
  if (window.gantryLiteRuns) { return; }
  window.gantryLiteRuns = true;
  var root = document.getElementById("gantry");
  var page = JSON.parse(document.getElementById("gantry-state").textContent);
  var socket = null, failures = 0, heardAt = Date.now(), shownAt = heardAt, lost = true;
  var retryAt = 0, epoch = page.epoch, seq = page.seq;

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
        seq = message.seq;
        shownAt = heardAt;
      } else if (message.type === "ping") {
        opened.send(JSON.stringify({ type: "pong", sent_at_us: message.sent_at_us,
          screen_at_us: heardAt * 1000, echo: { seq: seq, top: "", age_ms: heardAt - shownAt } }));
      }
    };
    opened.onclose = drop;
  }
  function drop() {
    if (!socket) { return; }
    socket.onopen = socket.onmessage = socket.onclose = null;
    try { socket.close(); } catch (error) { /* It is gone already. */ }
    socket = null;
    lost = true;
    retryAt = Date.now()
      + Math.min(500 * Math.pow(2, failures), 15000) * (0.75 + Math.random() / 2);
    failures += 1;
  }
  setInterval(function () {
    var now = Date.now(), silent = now - heardAt;
    if (socket && silent > 25000) { drop(); }
    if (!socket && now >= retryAt) { connect(); }
    if (lost && silent > 5000) {
      notice("Reconnecting, last update " + Math.floor(silent / 1000) + " s ago");
    }
  }, 500);
}
