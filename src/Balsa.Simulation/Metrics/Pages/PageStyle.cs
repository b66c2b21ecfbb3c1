namespace Balsa.Simulation.Metrics.Pages;

/// <summary>Colours that can be told apart by everybody, in light and in dark; meaning is always doubled by shape or word.</summary>
internal static class PageStyle
{
    internal const string Css = """
        :root{color-scheme:light dark;--page:#fff;--ink:#1b2229;--muted:#4f555c;--line:#d5dade;--ok:#0b7a6f;--warn:#9c5a00;--bad:#8f0f1f;
        --info:#1d4f91;--follower:#1c77b3;--candidate:#7a1f78;--down:#6c727b;--t0:#4891f6;--t1:#5f2a0b;--t2:#036858;--t3:#de468f;
        --t4:#9a9420;--t5:#402f66;--o0:#000;--o1:#fff;--o2:#fff;--o3:#000;--o4:#000;--o5:#fff}
        @media(prefers-color-scheme:dark){:root{--page:#0f1720;--ink:#e7ecf0;--muted:#949ba3;--line:#2b3641;--ok:#5fe3c0;--warn:#f5c542;
        --bad:#ff5a3c;--info:#86a8f5;--follower:#61a4d5;--candidate:#ea4789;--down:#868e98;--t0:#448ef3;--t1:#f2a387;--t2:#abf8db;
        --t3:#f62f97;--t4:#e0f436;--t5:#dac5fc;--o0:#000;--o1:#000;--o2:#000;--o3:#000;--o4:#000;--o5:#000}}
        body{font:15px/1.45 system-ui,sans-serif;background:var(--page);color:var(--ink);max-width:1040px;margin:24px auto;padding:0 16px}
        h1{font-size:22px}h2{font-size:16px;margin:28px 0 2px}p.how{color:var(--muted);margin:0 0 6px}
        .verdict{border:2px solid var(--ok);border-radius:6px;padding:10px 14px}.verdict.failed{border-color:var(--bad)}
        .verdict strong{color:var(--ok)}.verdict.failed strong{color:var(--bad)}
        table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{border-bottom:1px solid var(--line);padding:3px 12px 3px 0;
        text-align:left;vertical-align:top}pre{overflow-x:auto;background:color-mix(in srgb,var(--line) 35%,transparent);
        padding:10px;border-radius:6px}svg{width:100%;height:auto;display:block}.curves{display:grid;grid-template-columns:1fr 1fr;gap:10px}
        details{border-top:1px solid var(--line);padding:8px 0}summary{cursor:pointer}
        svg text{font:11px system-ui,sans-serif;fill:var(--ink)}svg .tick{fill:var(--muted)}svg .lane{font-family:ui-monospace,monospace}
        svg .plot-title{font-weight:600}.axis{stroke:var(--muted)}.grid{stroke:var(--line)}.fault{stroke:var(--bad);stroke-dasharray:3 3}
        .remedy{stroke:var(--ok);stroke-dasharray:3 3}.fault-band{fill:var(--bad);opacity:.09}svg .fault-name{fill:var(--bad)}
        svg .remedy-name{fill:var(--ok)}.follower{fill:var(--follower)}.candidate{fill:none;stroke:var(--candidate);stroke-width:2}
        .paused{stroke:var(--down);stroke-width:5;stroke-dasharray:2 4}svg .down{fill:var(--down);font-weight:700}
        .term0{fill:var(--t0)}.term1{fill:var(--t1)}.term2{fill:var(--t2)}.term3{fill:var(--t3)}.term4{fill:var(--t4)}.term5{fill:var(--t5)}
        svg .on-term0{fill:var(--o0)}svg .on-term1{fill:var(--o1)}svg .on-term2{fill:var(--o2)}svg .on-term3{fill:var(--o3)}
        svg .on-term4{fill:var(--o4)}svg .on-term5{fill:var(--o5)}.get{fill:var(--info)}.put{fill:var(--ok)}
        .wrong{fill:var(--bad)}.unanswered{fill:none;stroke:var(--bad);stroke-width:1.5}.few{fill:var(--info);opacity:.3}
        .some{fill:var(--info);opacity:.6}.many{fill:var(--info)}.served{fill:var(--ok)}.missed{fill:none;stroke:var(--bad)}
        .curve{fill:none;stroke-width:1.8}.g0{stroke:var(--info)}.g1{stroke:var(--ok)}.g2{stroke:var(--candidate);stroke-dasharray:6 2}
        .g3{stroke:var(--warn);stroke-dasharray:2 2}.g4{stroke:var(--down);stroke-dasharray:8 3}.g5{stroke:var(--bad)}
        .dot{fill:var(--page);stroke-width:2;stroke-dasharray:none}.behind{fill:var(--warn)}
        .legal{fill:var(--info)}.illegal{fill:var(--bad)}
        .open-end{fill:none;stroke:var(--info);stroke-dasharray:4 3}@media print{details{display:block}}
        """;
}
