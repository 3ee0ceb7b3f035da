using Gantry.Differences;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Status;

namespace Gantry.Testing;

/// <summary>A status, a history and an audit with one of everything, for tests of what people and programs are shown.</summary>
public static class SampleFleet
{
    private const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Digest s_digest = Digest.Parse("sha256:7a8ef317aabb" + new string('0', 52));
    private static readonly PromotionEnvironment s_dev = new("dev");
    private static readonly PromotionEnvironment s_test = new("test") { After = s_dev };
    private static readonly PromotionEnvironment s_prod =
        new("prod") { After = s_test, DisplayName = "production", Regions = ["west", "east"] };

    private static readonly PromotionTarget[] s_targets =
    [
        TargetOf(s_dev, null, "contosodev"), TargetOf(s_test, null, "contosotest"), TargetOf(s_prod, "west", "contosowest"),
        TargetOf(s_prod, "east", "contosoeast"),
    ];

    /// <summary>Creates a status.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static FleetStatus Create(string? text = null)
    {
        var bypass = new StatusMark
        {
            Kind = StatusMarkKind.OpenBypass,
            Code = "GAN4214",
            Place = "test",
            Problem = $"1.4.2 came to test with skipped checks: break-glass: {text ?? "orders are lost"}",
            Remedy = "promote the release normally, which ends this report",
            Command = "./build.sh PromoteTest --release 1.4.2",
        };
        var moved = Error(StatusMarkKind.MovedTag, "GAN4056", "production, west", "api", text ?? "the tag points to another image") with
        {
            Command = "./build.sh PromoteProd --skip --move-tag \"reason\" --release 1.4.1",
        };
        var unreadable = Error(
            StatusMarkKind.Unreadable, "GAN2003", "production, east", null, text ?? "contosoeast.azurecr.io denies access to [red]app[/]");
        return new FleetStatus
        {
            AsOf = s_now,
            Images = ["api", "app"],
            Targets = s_targets,
            Cells =
            [
                Cell(s_targets[0], "api", text ?? "1.5.0-rc.1", TimeSpan.FromMinutes(12), text),
                Cell(s_targets[0], "app", text ?? "1.5.0-rc.1", TimeSpan.FromMinutes(12), text),
                Cell(s_targets[1], "api", text ?? "1.4.2", TimeSpan.FromHours(50), text) with { Behind = 1, Marks = [bypass] },
                Cell(s_targets[1], "app", text ?? "1.4.2", TimeSpan.FromHours(50), text) with { Behind = 1, Marks = [bypass] },
                Cell(s_targets[2], "api", text ?? "1.4.1", TimeSpan.FromDays(3), text) with { Behind = 2, Marks = [moved] },
                new StatusCell { Image = "app", Target = s_targets[2] },
                new StatusCell { Image = "api", Target = s_targets[3] },
                new StatusCell { Image = "app", Target = s_targets[3] },
            ],
            Holds = [new StatusHold("prod", s_now.AddHours(-5), text ?? "Ben", text ?? "a sale", text ?? "1.4.1")],
            Marks = [unreadable, moved, bypass],
            Notes = [new StatusNote("dev", text ?? "not signed: there is no key for it")],
        };
    }

    /// <summary>Creates the history of an environment.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static EnvironmentHistory History(string? text = null) => new()
    {
        Target = s_targets[1],
        Events =
        [
            Event(HistoryEventKind.HoldReleased, 1, text) with { By = text ?? "Ben", Reason = text ?? "the sale is over" },
            Event(HistoryEventKind.Bypass, 2, text) with
            {
                Version = text ?? "1.4.3", Before = text ?? "1.4.1", Reason = text ?? "too late",
            },
            Event(HistoryEventKind.Hold, 4, text) with { By = text ?? "Ben", Reason = text ?? "a sale" },
            Event(HistoryEventKind.Return, 5, text) with { Before = text ?? "1.4.2", Reason = text ?? "1.4.2 loses orders" },
            Event(HistoryEventKind.Promotion, 9, text) with
            {
                Version = text ?? "1.4.2",
                Before = text ?? "1.4.1",
                Difference = new ReleaseDifference
                {
                    From = text ?? "1.4.1",
                    To = text ?? "1.4.2",
                    Commits =
                    [
                        new(
                            text ?? Commit, text ?? "basket: keep what was in it", text ?? "Anna", s_now.AddDays(-2), text,
                            IsRemoved: false),
                    ],
                    Images =
                    [
                        new ImageDifferences
                        {
                            Image = "app",
                            From = s_digest,
                            To = s_digest,
                            Packages = [new(text ?? "Polly.Core", "nuget", text ?? "8.6.0", text ?? "8.6.4")],
                            SizeBefore = 1000,
                            SizeAfter = 5000,
                        },
                    ],
                },
            },
            Event(HistoryEventKind.Promotion, 20, text),
        ],
        Problems = [new GantryException("GAN4045", text ?? "a record cannot be read", text ?? "find out who wrote it")],
    };

    /// <summary>Creates an audit.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static DigestAudit Audit(string? text = null) => new()
    {
        AsOf = s_now,
        Image = "app",
        Digest = s_digest,
        Places =
        [
            new AuditPlace("base", "contoso.azurecr.io/app", IsThere: true),
            new AuditPlace("test", "contosotest.azurecr.io/app", IsThere: true) { Target = s_targets[1] },
            new AuditPlace("production, west", "contosowest.azurecr.io/app", IsThere: false) { Target = s_targets[2] },
        ],
        Entries =
        [
            Entry(AuditKind.Build, AuditState.Verified, -50, text ?? $"built from {Commit} by https://dev.azure.com/contoso", text) with
            {
                Copies = ["test"],
            },
            Entry(AuditKind.Release, AuditState.Unsigned, -49, text ?? "published as 1.4.2, with 2 images", text) with { Key = null },
            Entry(AuditKind.Sbom, AuditState.Verified, -49, text ?? "a list of what it contains", text),
            Entry(AuditKind.Promotion, AuditState.Verified, -5, text ?? "promoted 1.4.2", text) with
            {
                Place = "test", Promotion = Record(text, s_now.AddHours(-5)),
            },
            Entry(AuditKind.Promotion, AuditState.Ignored, -4, text ?? "a promotion", text) with
            {
                Place = "test",
                Key = null,
                Error = new GantryException("GAN4204", text ?? "it is signed with no trusted key", "find out who"),
            },
            Entry(AuditKind.Hold, AuditState.Verified, -3, text ?? "test held at 1.4.2, because: a freeze", text) with { Place = "test" },
            Entry(AuditKind.HoldReleased, AuditState.Verified, -2, text ?? "the hold of test ended, because: it is over", text) with
            {
                Place = "test",
            },
            Entry(AuditKind.Signature, AuditState.Unverified, -1, text ?? "a signature for verifiers of the Notary Project", text) with
            {
                Key = null,
                Error = new GantryException(
                    "GAN4407", text ?? "the signature is listed, and not verified: no key of the declaration has signed it", "verify it"),
            },
            Entry(AuditKind.Other, AuditState.Unverified, 0, text ?? "application/vnd.example", text) with { Time = null, Key = null },
        ],
        Problems = [new AuditProblem("production, east", new GantryException("GAN2003", text ?? "no access", "sign in"))],
    };

    private static PromotionTarget TargetOf(PromotionEnvironment environment, string? region, string registry) =>
        new(environment, region, RegistryAddress.Parse($"{registry}.azurecr.io"));

    private static StatusCell Cell(PromotionTarget target, string image, string version, TimeSpan ago, string? text) => new()
    {
        Image = image,
        Target = target,
        Version = version,
        Digest = s_digest,
        Since = s_now - ago,
        Commit = text ?? Commit,
        Subject = text ?? "basket: keep what was in it",
        Build = text ?? "https://dev.azure.com/contoso/Shop/_build/results?buildId=812",
        Promotion = Record(text, s_now - ago),
        Signature = SignatureState.Unsigned,
    };

    private static PromotionRecord Record(string? text, DateTimeOffset promoted) => new()
    {
        Environment = "test",
        Version = "1.4.2",
        Image = "app",
        Digest = s_digest,
        Promoted = promoted,
        By = new()
        {
            Name = text ?? "Anna", RunId = text ?? "900", RunUrl = text ?? "https://dev.azure.com/contoso/Shop/_build/results?buildId=900",
        },
        From = "contoso.azurecr.io/app",
        To = "contosotest.azurecr.io/app",
        Gates =
        [
            new RecordedGate { Gate = text ?? "soak time of 1 day", Verdict = GateVerdict.Held, Finding = text },
            new RecordedGate { Gate = text ?? "approval by QA", Verdict = GateVerdict.Approved, Reason = text ?? "tested" },
        ],
    };

    private static HistoryEvent Event(HistoryEventKind kind, int hoursAgo, string? text)
    {
        var isHold = kind is HistoryEventKind.Hold or HistoryEventKind.HoldReleased;
        var time = s_now.AddHours(-hoursAgo);
        return new HistoryEvent
        {
            Kind = kind,
            Time = time,
            Version = text ?? "1.4.1",
            By = text ?? "Anna (run 900)",
            Promotion = isHold ? null : Record(text, time),
        };
    }

    private static AuditEntry Entry(AuditKind kind, AuditState state, int hours, string what, string? text) => new()
    {
        Kind = kind,
        Time = s_now.AddHours(hours),
        Place = "base",
        Text = what,
        State = state,
        Version = text ?? "1.4.2",
        By = text ?? "Anna",
        Key = text ?? "keys/base/1.pub",
        Document = s_digest,
    };

    private static StatusMark Error(StatusMarkKind kind, string code, string place, string? image, string problem)
    {
        var error = new GantryException(code, problem, "find out who did it");
        return new StatusMark
        {
            Kind = kind, Code = code, Place = place, Image = image, Problem = error.Problem, Remedy = error.Remedy, Error = error,
        };
    }
}
