using Gantry.Differences;
using Gantry.Environments;
using Gantry.Promotion;
using Gantry.Status;
using Gantry.Testing;

namespace Gantry.Display.Reports.Tests;

/// <summary>A report whose every text was written by someone who wants the page to do something.</summary>
internal static class HostileReport
{
    /// <summary>Gets what a page must show and not obey.</summary>
    public static IReadOnlyList<string> Texts { get; } =
    [
        .. HostileText.Values.Values,
        "<script>alert('script')</script>",
        "</script><script>alert(1)</script>",
        "</style><style>body{display:none}</style>",
        "</title><img src=https://evil.example/x onerror=alert(1)>",
        "\"><img src=x onerror=alert('attribute')>",
        "' onmouseover='alert(1)",
        "` onfocus=`alert(1)",
        "\" autofocus onfocus=alert(1) x=\"",
        "<svg/onload=alert(1)>",
        "<iframe src=javascript:alert(1)></iframe>",
        "<base href=https://evil.example/>",
        "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
        "<link rel=stylesheet href=https://evil.example/x.css>",
        "<form action=https://evil.example><button>Copy</button></form>",
        "<!--", "-->", "]]>", "&lt;script&gt;", "&#x3c;script&#x3e;", "{{constructor.constructor('alert(1)')()}}", "${alert(1)}",
        "javascript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "@import url(https://evil.example/x.css);",
        new string('x', 1_000_000),
        new string('<', 100_000),
        string.Concat(Enumerable.Repeat("long words without end ", 20_000)),
    ];

    /// <summary>Returns a report in which one text is wherever a record, a server or a commit can put one.</summary>
    public static FleetReport With(string text)
    {
        var environment = new PromotionEnvironment("prod") { DisplayName = text };
        var target = SampleReports.Target(environment);
        var record = SampleReports.Record(target, "api", "1.4.2", SampleReports.Now) with
        {
            By = new PromotionActor { Name = text, RunId = text, RunUrl = text, Claims = text },
            Gates =
            [
                new RecordedGate
                {
                    Gate = text,
                    Verdict = GateVerdict.Overridden,
                    Reason = text,
                    Finding = text,
                    Approvals = [new RecordedApproval { By = text, Comment = text }],
                },
            ],
            BreakGlass = new BreakGlass { Reason = text, Skipped = [text] },
        };
        var mark = SampleReports.Mark(StatusMarkKind.MovedTag, text, text, text, text, text) with { Code = text };
        var difference = new ReleaseDifference
        {
            From = text,
            To = text,
            Commits = [new ChangedCommit(text, text, text, SampleReports.Now, text, IsRemoved: false)],
            Images =
            [
                new ImageDifferences
                {
                    Image = text,
                    From = SampleReports.DigestOf("a"),
                    To = SampleReports.DigestOf("b"),
                    Packages = [new ChangedPackage(text, text, text, text)],
                    BaseImage = new ChangedBaseImage(text, text, TimeSpan.FromDays(1)),
                    Layers = [new ChangedLayer(SampleReports.DigestOf("c"), 1, IsRemoved: false, text)],
                    Files = [new ChangedFile(text, 1, 2, text)],
                    Settings = [new ChangedSetting(text, text, text)],
                },
            ],
            Unknown = [text],
        };
        var cell = SampleReports.Cell(target, text, text, SampleReports.Now) with
        {
            Commit = text,
            Subject = text,
            Build = text,
            Promotion = record,
            Behind = 1,
            Marks = [mark],
        };
        return new FleetReport
        {
            Name = text,
            Status = new FleetStatus
            {
                AsOf = SampleReports.Now,
                Images = [text],
                Targets = [target],
                Cells = [cell],
                Holds = [new StatusHold("prod", SampleReports.Now, text, text, text)],
                Marks = [mark],
                Notes = [new StatusNote(text, text)],
            },
            Histories =
            [
                new EnvironmentHistory
                {
                    Target = target,
                    Events =
                    [
                        new HistoryEvent
                        {
                            Kind = HistoryEventKind.Bypass,
                            Time = SampleReports.Now,
                            Version = text,
                            Before = text + " before",
                            By = text,
                            Reason = text,
                            Promotion = record,
                            Difference = difference,
                        },
                        new HistoryEvent
                        {
                            Kind = HistoryEventKind.Hold,
                            Time = SampleReports.Now,
                            Version = text,
                            By = text,
                            Reason = text,
                        },
                    ],
                    Problems = [new GantryException("GAN2003", text, text)],
                },
            ],
            Pending = [new PendingChange(target, difference)],
        };
    }

    /// <summary>Returns a report with all texts, each in a cell, an event and a mark of its own.</summary>
    public static FleetReport All()
    {
        var reports = Texts.Select(With).ToList();
        var one = reports[0];
        var target = one.Status.Targets[0];
        return one with
        {
            Name = string.Join(' ', Texts.Where(text => text.Length < 200)),
            Status = one.Status with
            {
                Images = [.. Texts],
                Cells = [.. reports.SelectMany(report => report.Status.Cells).Select(cell => cell with { Target = target })],
                Marks = [.. reports.SelectMany(report => report.Status.Marks)],
            },
            Histories =
            [
                new EnvironmentHistory
                {
                    Target = target,
                    Events = [.. reports.SelectMany(report => report.Histories[0].Events)],
                    Problems = [.. reports.SelectMany(report => report.Histories[0].Problems)],
                },
            ],
            Pending = [.. reports.SelectMany(report => report.Pending).Select(change => change with { Target = target })],
        };
    }
}
