using Gantry.Differences;
using Gantry.Drift;
using Gantry.Environments;
using Gantry.Images.Checking;
using Gantry.Oci;
using Gantry.Pruning;
using Gantry.Status;

namespace Gantry.Display.Tests;

/// <summary>Drift, a list of what nothing keeps and base images that have moved on, with one of everything.</summary>
internal static class SampleFindings
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Digest s_digest = Digest.Parse("sha256:7a8ef317aabb" + new string('0', 52));
    private static readonly Digest s_other = Digest.Parse("sha256:00aa11bb22cc" + new string('0', 52));

    /// <summary>Creates a report of drift.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static DriftReport Drift(string? text = null) => new()
    {
        AsOf = s_now,
        Places =
        [
            new DriftPlace("test", "test", null, "contosotest.azurecr.io", text ?? "1.4.2"),
            new DriftPlace("prod, west", "prod", "west", "contosowest.azurecr.io", text ?? "1.4.1"),
        ],
        Hosts =
        [
            Host(HostAgreement.AsPromoted, text) with { Since = s_now.AddDays(-3) },
            Host(HostAgreement.Different, text) with { Found = [text ?? "contosowest.azurecr.io/app:1.4.0"], Note = text },
            Host(HostAgreement.Unreadable, text) with { Host = text ?? "Kubernetes deployment/app", Found = [] },
            Host(HostAgreement.NotRead, text) with
            {
                Host = text ?? "webhook https://hooks.contoso.com/…", Image = null, Found = [], Note = text ?? "it cannot be asked",
            },
        ],
        Findings =
        [
            Finding(StatusMarkKind.Unreadable, "GAN4090", text ?? "kubectl failed: no such context") with
            {
                Remedy = text ?? "check the context of the cluster",
            },
            Finding(StatusMarkKind.MovedTag, "GAN4056", text ?? "the tag points to another image") with
            {
                Image = "app",
                Expected = text ?? $"{s_digest}",
                Found = text ?? $"{s_other}",
                Command = "./build.sh PromoteProd --skip --move-tag \"reason\" --release 1.4.1",
            },
            Finding(StatusMarkKind.OtherOnHosts, "GAN4500", text ?? "App Service contoso-west runs 1.4.0 instead of 1.4.1") with
            {
                Host = text ?? "App Service contoso-west", Command = "./build.sh PromoteProd --skip --release 1.4.1",
            },
        ],
    };

    /// <summary>Creates a list of what nothing keeps.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static PruningPlan Pruning(string? text = null) => new()
    {
        AsOf = s_now,
        Rules = new PruningRules(),
        Items =
        [
            Item(PruningItemKind.Image, "contosowest.azurecr.io/app", "prod, west", text) with
            {
                Tags = [text ?? "1.2.0", $"sha256-{s_digest.Hex}.sig"], Versions = [text ?? "1.2.0"],
            },
            Item(PruningItemKind.Tag, "contosowest.azurecr.io/app", "prod, west", text) with
            {
                Tags = [text ?? "1.3.0-rc.1"], Manifests = [], Bytes = 0, Reason = text ?? "1.3.0 has the same image",
            },
            Item(PruningItemKind.Untagged, "contoso.azurecr.io/app", "the base registry", text),
        ],
        Kept =
        [
            Kept("contoso.azurecr.io/app", "the base registry", text),
            Kept("contosowest.azurecr.io/app", "prod, west", text) with
            {
                Reasons =
                [
                    new KeepReason(KeepReasonKind.Environment, text ?? "it is the release of prod"),
                    new KeepReason(KeepReasonKind.Hold, text ?? "a hold names it"),
                    new KeepReason(KeepReasonKind.Newest, text ?? "it is among the last 10"),
                    new KeepReason(KeepReasonKind.Age, "it is younger than 30 days"),
                ],
            },
        ],
        Notes = [text ?? "contoso.azurecr.io: deleted images stay for 7 days, and are paid for"],
        LeftOut = 2,
    };

    /// <summary>Creates the result of a deletion.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static PruningOutcome Deletion(string? text = null)
    {
        var plan = Pruning(text);
        return new PruningOutcome
        {
            Plan = plan,
            Deleted = [plan.Items[1]],
            Kept = [(plan.Items[0], text ?? "it has got another tag")],
            SwitchedOff = new Dictionary<string, GantryException>
            {
                ["contoso.azurecr.io"] = new(
                    "GAN4710", text ?? "deletion is switched off in contoso.azurecr.io", "switch it on, or leave it to the registry"),
            },
            Problems = [new GantryException("GAN2003", text ?? "contosowest.azurecr.io denies access", text ?? "sign in")],
            BytesRemoved = 1_500_000,
        };
    }

    /// <summary>Creates a report about base images.</summary>
    /// <param name="text">The text that others have written; null for an ordinary one.</param>
    public static BaseImageReport BaseImages(string? text = null)
    {
        var (before, after) = (Base(s_digest), Base(s_other));
        var moved = new MovedBaseImage
        {
            Before = before,
            After = after,
            BeforeCreated = s_now.AddDays(-40),
            AfterCreated = s_now.AddDays(-4),
            Packages =
            [
                new ChangedPackage(text ?? "libc6", "deb", text ?? "2.36-9", text ?? "2.36-10"),
                new ChangedPackage(text ?? "tzdata", "deb", null, text ?? "2025b"),
                new ChangedPackage(text ?? "zlib1g", "deb", text ?? "1.2", null),
            ],
            Unknown = [text ?? "the packages for linux/arm64: a layer is compressed in another way"],
        };
        var asked = new GantryException("GAN4834", text ?? $"the base image {before} could not be checked: no answer", "try again later");
        var unrecorded = new GantryException("GAN4830", text ?? "the image worker does not record its base image", "build a new release");
        return new BaseImageReport
        {
            AsOf = s_now,
            Images =
            [
                Checked("api", text) with { Bases = [new(BaseImageState.Current, before, [Platform.LinuxAmd64])] },
                Checked("app", text) with
                {
                    Bases =
                    [
                        new(BaseImageState.Moved, before, [Platform.LinuxAmd64]) { Moved = moved },
                        new(BaseImageState.Fixed, before with { Tag = null }, [Platform.LinuxArm64]),
                    ],
                },
                Checked("web", text) with
                {
                    Bases = [new(BaseImageState.Unknown, before, [Platform.LinuxAmd64]) { Problem = asked }],
                },
                Checked("worker", text) with
                {
                    Created = null, Bases = [new(BaseImageState.Unknown, null, [Platform.LinuxAmd64]) { Problem = unrecorded }],
                },
            ],
            Moved = [moved],
            Problems = [asked, unrecorded],
            Unreadable =
            [
                new StatusMark
                {
                    Kind = StatusMarkKind.Unreadable,
                    Code = "GAN2003",
                    Place = "prod, east",
                    Problem = text ?? "contosoeast.azurecr.io denies access",
                    Remedy = text ?? "sign in",
                },
            ],
        };
    }

    private static HostComparison Host(HostAgreement agreement, string? text) => new()
    {
        Place = "prod, west",
        Host = text ?? "App Service contoso-west",
        Image = "app",
        Agreement = agreement,
        Expected = text ?? "contosowest.azurecr.io/app:1.4.1",
        Found = [text ?? "contosowest.azurecr.io/app:1.4.1"],
    };

    private static DriftFinding Finding(StatusMarkKind kind, string code, string problem) =>
        new() { Kind = kind, Code = code, Place = "prod, west", Problem = problem };

    private static PruningItem Item(PruningItemKind kind, string location, string place, string? text) => new()
    {
        Kind = kind,
        Place = place,
        Location = location,
        Image = "app",
        Digest = s_digest,
        Manifests = [s_digest, s_other],
        Bytes = 42_000_000,
        Reason = text ?? "no environment has it, and it is none of the last 10",
    };

    private static KeptImage Kept(string location, string place, string? text) => new()
    {
        Place = place,
        Location = location,
        Image = "app",
        Digest = s_other,
        Tags = [text ?? "1.4.1"],
        Versions = [text ?? "1.4.1"],
        Reasons = [new KeepReason(KeepReasonKind.Later, text ?? "prod keeps it")],
    };

    private static CheckedImage Checked(string image, string? text) => new()
    {
        Target = new PromotionTarget(new PromotionEnvironment("prod"), "west", RegistryAddress.Parse("contosowest.azurecr.io")),
        Image = image,
        Version = text ?? "1.4.1",
        Digest = s_digest,
        Created = s_now.AddDays(-30),
    };

    private static ImageReference Base(Digest digest) =>
        ImageReference.Parse("mcr.microsoft.com/dotnet/aspnet:10.0") with { Digest = digest };
}
