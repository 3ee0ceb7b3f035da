using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gantry.Differences;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Status;

namespace Gantry.Display.Reports.Tests;

/// <summary>Reports about fleets of two sizes, the same in every run.</summary>
internal static class SampleReports
{
    private const string BuildsUrl = "https://dev.azure.com/contoso/shop/_build/results?buildId=";
    private const string Incident = "orders lost their currency; see incident 812";
    private const string Emergency = "payments are down, and this mends them";

    public static DateTimeOffset Now { get; } = new(2026, 11, 29, 3, 4, 0, TimeSpan.Zero);

    private static readonly PromotionEnvironment s_dev = new("dev");
    private static readonly PromotionEnvironment s_test = new("test") { After = s_dev, Gates = [Gate.Approval("QA")] };
    private static readonly PromotionEnvironment s_prod = new("prod")
    {
        After = s_test,
        Gates = [Gate.Approval(["Release"], minimum: 2), Gate.Soak(TimeSpan.FromDays(1))],
    };

    private static readonly TrustedKey s_key = new(
        VerificationKey.Parse(ECDsa.Create(ECCurve.NamedCurves.nistP256).ExportSubjectPublicKeyInfoPem(), "key"), "keys/prod/2026.pub");

    private static readonly string[] s_subjects =
    [
        "orders: keep the currency of a partial refund",
        "catalogue: read prices in one query",
        "login: refuse a token of another tenant",
        "cart: show the delivery date of the slowest item",
        "deps: update Polly to 8.9.1",
    ];

    /// <summary>Gets three images in three environments: prod is behind, held, and has a bypass that is open.</summary>
    public static FleetReport Small { get; } = CreateSmall();

    /// <summary>Returns a fleet of many environments, images and releases.</summary>
    public static FleetReport Large(int environments, int images, int releases)
    {
        var chain = new List<PromotionEnvironment>();
        for (var number = 1; number <= environments; number++)
            chain.Add(new PromotionEnvironment($"stage-{number:00}")
            {
                After = chain.LastOrDefault(),
                Gates = [Gate.Approval("Release"), Gate.Soak(TimeSpan.FromHours(6))],
            });
        var targets = chain.Select(Target).ToList();
        var names = Enumerable.Range(1, images).Select(number => $"service-{number:00}").ToList();
        var start = Now - TimeSpan.FromDays(releases);
        HistoryEvent At(PromotionTarget target, int at, int number)
        {
            var before = number == 1 ? null : Version(number - 1);
            return Promoted(target, names[0], Version(number), before, start.AddDays(number).AddHours(7 * at)) with
            {
                Difference = before is null ? null : Difference(names, number),
            };
        }

        var histories = targets.Select((target, at) => new EnvironmentHistory
        {
            Target = target,
            Events = [.. Enumerable.Range(1, releases - at).Select(number => At(target, at, number)).Reverse()],
        }).ToList();
        var cells = targets.SelectMany((target, at) => names.Select(image =>
        {
            var number = releases - at;
            return Cell(target, image, Version(number), start.AddDays(number).AddHours(7 * at)) with
            {
                Behind = at == 0 ? 0 : 1,
                Subject = s_subjects[number % s_subjects.Length],
            };
        })).ToList();
        return new FleetReport
        {
            Name = "Contoso fleet",
            Status = new FleetStatus { AsOf = Now, Images = names, Targets = targets, Cells = cells },
            Histories = histories,
            Pending = [.. targets.Skip(1).Select((target, at) => new PendingChange(target, Difference(names, releases - at)))],
            PolicyFiles = cells.ToDictionary(
                cell => cell.Target.ResourceUriOf(cell.Image), cell => $"policies/{cell.Target.Environment.Name}/cosign/{cell.Image}.rego"),
        };
    }

    private static FleetReport CreateSmall()
    {
        var targets = new[] { s_dev, s_test, s_prod }.Select(Target).ToList();
        string[] images = ["api", "web", "worker"];
        var built = Now - TimeSpan.FromDays(9);
        var bypass = Mark(
            StatusMarkKind.OpenBypass,
            "prod",
            "worker",
            "1.4.1 was let past the soak time of 1 day",
            "promote it the normal way, or the next release",
            "./build.sh PromoteProd --release 1.5.0");
        var moved = Mark(
            StatusMarkKind.MovedTag,
            "prod",
            "web",
            "the tag 1.4.1 points to sha256:5f0e77c2b1d4, and sha256:2c1d0a9f was promoted",
            "find out who moved it, and promote the release again",
            "./build.sh PromoteProd --release 1.4.1 --move-tag \"as promoted\"");
        var cells = new List<StatusCell>();
        foreach (var image in images)
        {
            cells.Add(Cell(targets[0], image, "1.5.1", Now - TimeSpan.FromMinutes(42)) with { Subject = s_subjects[0], Behind = 0 });
            cells.Add(Cell(targets[1], image, "1.5.0", Now - TimeSpan.FromHours(27)) with { Subject = s_subjects[1], Behind = 1 });
        }

        var returned = Now - TimeSpan.FromDays(3);
        foreach (var (image, marks) in images.Zip((IReadOnlyList<StatusMark>[])[[], [moved], [bypass]]))
            cells.Add(Cell(targets[2], image, "1.4.1", returned) with { Subject = s_subjects[2], Behind = 2, Marks = marks });
        cells = [.. targets.SelectMany(target => cells.Where(cell => cell.Target == target))];

        var last = Changes(images, "1.5.0", "1.5.1", 1, null);
        var fifth = Changes(images, "1.4.2", "1.5.0", 5, TimeSpan.FromDays(21));
        var next = Changes(images, "1.4.1", "1.5.0", 7, TimeSpan.FromDays(21));
        return new FleetReport
        {
            Name = "Contoso shop",
            Status = new FleetStatus
            {
                AsOf = Now,
                Images = images,
                Targets = targets,
                Cells = cells,
                Holds = [new StatusHold("prod", returned, "Anna Berg", Incident, "1.4.1")],
                Marks = [moved, bypass],
            },
            Histories =
            [
                new EnvironmentHistory
                {
                    Target = targets[0],
                    Events =
                    [
                        Promoted(targets[0], "api", "1.5.1", "1.5.0", Now - TimeSpan.FromMinutes(42)) with { Difference = last },
                        Promoted(targets[0], "api", "1.5.0", "1.4.2", built + TimeSpan.FromDays(5)) with { Difference = fifth },
                        Promoted(targets[0], "api", "1.4.2", "1.4.1", built + TimeSpan.FromDays(2)),
                        Promoted(targets[0], "api", "1.4.1", null, built),
                    ],
                },
                new EnvironmentHistory
                {
                    Target = targets[1],
                    Events =
                    [
                        Promoted(targets[1], "api", "1.5.0", "1.4.2", Now - TimeSpan.FromHours(27)) with { Difference = fifth },
                        Promoted(targets[1], "api", "1.4.2", "1.4.1", built + TimeSpan.FromDays(3)),
                        Promoted(targets[1], "api", "1.4.1", null, built + TimeSpan.FromHours(5)),
                    ],
                },
                new EnvironmentHistory
                {
                    Target = targets[2],
                    Events =
                    [
                        new HistoryEvent
                        {
                            Kind = HistoryEventKind.Hold,
                            Time = returned,
                            Version = "1.4.1",
                            By = "Anna Berg",
                            Reason = Incident,
                        },
                        Promoted(targets[2], "api", "1.4.1", "1.4.2", Now - TimeSpan.FromDays(3)) with
                        {
                            Kind = HistoryEventKind.Return,
                            Reason = Incident,
                            Difference = Going(images, "1.4.2", "1.4.1"),
                        },
                        Promoted(targets[2], "api", "1.4.2", "1.4.1", Now - TimeSpan.FromDays(4)) with
                        {
                            Difference = Changes(images, "1.4.1", "1.4.2", 3, null),
                        },
                        Bypassed(targets[2], "1.4.1", built + TimeSpan.FromHours(7)),
                    ],
                },
            ],
            Pending = [new PendingChange(targets[1], last), new PendingChange(targets[2], next)],
            Releases = [.. new[] { ("1.5.1", 3.0), ("1.5.0", 96.0), ("1.4.2", 170.0), ("1.4.1", 217.0) }
                .Select(pair => Origin(pair.Item1, Now - TimeSpan.FromHours(pair.Item2)))],
            PolicyFiles = new Dictionary<string, string>
            {
                ["oci://contosoprod.azurecr.io/shop/api"] = "policies/prod/cosign/contosoprod.azurecr.io/shop/api.rego",
            },
        };
    }

    public static PromotionTarget Target(PromotionEnvironment environment) =>
        new(environment, null, RegistryAddress.Parse($"contoso{environment.Identifier.ToLowerInvariant()}.azurecr.io/shop"));

    public static StatusCell Cell(PromotionTarget target, string image, string version, DateTimeOffset since) => new()
    {
        Image = image,
        Target = target,
        Version = version,
        Digest = DigestOf(image + version),
        Since = since,
        Commit = Hash(version),
        Promotion = Record(target, image, version, since),
        Signature = SignatureState.Signed,
    };

    public static StatusMark Mark(
        StatusMarkKind kind, string place, string? image, string problem, string? remedy, string? command) => new()
    {
        Kind = kind,
        Code = "GAN4056",
        Place = place,
        Image = image,
        Problem = problem,
        Remedy = remedy,
        Command = command,
    };

    public static HistoryEvent Promoted(PromotionTarget target, string image, string version, string? before, DateTimeOffset time) => new()
    {
        Kind = HistoryEventKind.Promotion,
        Time = time,
        Version = version,
        Before = before,
        By = "Anna Berg (run 812)",
        Promotion = Record(target, image, version, time),
    };

    public static PromotionRecord Record(PromotionTarget target, string image, string version, DateTimeOffset time) => new()
    {
        Environment = target.Environment.Name,
        Version = version,
        Image = image,
        Digest = DigestOf(image + version),
        Promoted = time,
        By = new PromotionActor { Name = "Anna Berg", RunId = "812", RunUrl = BuildsUrl + "812" },
        From = "base.azurecr.io/shop/" + image,
        To = target.Address.Describe(image),
        Gates = [.. target.Environment.Gates.Select(gate => gate is ApprovalGate
            ? new RecordedGate
            {
                Gate = gate.Description,
                Verdict = GateVerdict.Service,
                Approvals = [.. new[] { "Ben Ortiz", "Chloé Martin" }.Select(name => new RecordedApproval { By = name, At = time })],
            }
            : new RecordedGate { Gate = gate.Description, Verdict = GateVerdict.Held })],
        Signature = new PromotionSignature(DigestOf("attestation"), s_key, time, ["GANTRY_PROMOTED"]),
    };

    public static Digest DigestOf(string text) =>
        Digest.Parse("sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    private static HistoryEvent Bypassed(PromotionTarget target, string version, DateTimeOffset time)
    {
        var promoted = Promoted(target, "api", version, null, time);
        return promoted with
        {
            Kind = HistoryEventKind.Bypass,
            Reason = Emergency,
            Promotion = promoted.Promotion! with
            {
                Schema = PromotionRecord.CurrentSchema,
                Gates =
                [
                    promoted.Promotion.Gates[0],
                    new RecordedGate { Gate = "soak time of 1 day", Verdict = GateVerdict.Overridden, Reason = Emergency },
                ],
            },
        };
    }

    private static ReleaseDifference Going(IReadOnlyList<string> images, string from, string to)
    {
        var changes = Changes(images, from, to, 3, null);
        return changes with { Commits = [.. changes.Commits.Select(commit => commit with { IsRemoved = true })] };
    }

    private static ReleaseDifference Difference(IReadOnlyList<string> images, int number) =>
        Changes(images, Version(number - 1), Version(number), 12, number % 5 == 0 ? TimeSpan.FromDays(21) : null);

    private static ReleaseDifference Changes(IReadOnlyList<string> images, string from, string to, int commits, TimeSpan? newer) => new()
    {
        From = from,
        To = to,
        Commits = [.. Enumerable.Range(0, commits).Select(number => new ChangedCommit(
            Hash($"{to} {number}"),
            s_subjects[number % s_subjects.Length],
            number % 2 == 0 ? "Anna Berg" : "Ben Ortiz",
            Now - TimeSpan.FromHours(number * 5),
            $"https://dev.azure.com/contoso/shop/_git/shop/commit/{Hash($"{to} {number}")}",
            IsRemoved: false))],
        Images = [.. images.Select(image => new ImageDifferences
        {
            Image = image,
            From = DigestOf(image + from),
            To = DigestOf(image + to),
            Packages =
            [
                new ChangedPackage("Polly.Core", "nuget", "8.9.0", "8.9.1"),
                new ChangedPackage("libssl3", "deb", null, "3.0.18-1~deb12u2"),
            ],
            BaseImage = newer is null ? null : new ChangedBaseImage(
                "mcr.microsoft.com/dotnet/aspnet:10.0@sha256:1f84b7ef39d4066aad8ac7d275ee2b37",
                "mcr.microsoft.com/dotnet/aspnet:10.0@sha256:d4ba2a9f6e9a789427d311c58b67721a",
                newer),
            Layers =
            [
                new ChangedLayer(DigestOf(image + "layer" + from), 2_100_000, IsRemoved: true, "linux/amd64"),
                new ChangedLayer(DigestOf(image + "layer" + to), 2_300_000, IsRemoved: false, "linux/amd64"),
            ],
            Settings = [new ChangedSetting("Env ASPNETCORE_HTTP_PORTS", "8080", "8081")],
            SizeBefore = 118_000_000,
            SizeAfter = 118_200_000,
        })],
    };

    private static Release Origin(string version, DateTimeOffset created) => new()
    {
        Version = version,
        Commit = Hash(version),
        BuildId = "807",
        BuildUrl = BuildsUrl + "807",
        Created = created,
        Images =
        [
            new ReleaseImage
            {
                Name = "api",
                Repository = "base.azurecr.io/shop/api",
                Digest = DigestOf("api" + version),
                MediaType = "application/vnd.oci.image.manifest.v1+json",
                Size = 1200,
                Platforms = ["linux/amd64"],
                BaseImage = new ReleaseBaseImage { Name = "mcr.microsoft.com/dotnet/aspnet:10.0", Digest = DigestOf("aspnet") },
            },
        ],
    };

    private static string Version(int number) => string.Create(CultureInfo.InvariantCulture, $"1.{number}.0");

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];
}
