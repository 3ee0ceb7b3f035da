using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Gantry.Attestations;
using Gantry.Attestations.Approvals;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Gantry.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion.Gates;

/// <summary>A base registry with a release, and key files in a folder. It is 2026-01-02 03:04 UTC.</summary>
internal sealed partial class GateFixture : IDisposable
{
    public const string Minute = "2026-01-02T03:04:05Z";
    public const string Yesterday = "2026-01-01T03:04:05Z";
    public const string LastYear = "2025-01-02T03:04:05Z";
    public const string Tomorrow = "2026-01-03T03:04:05Z";

    private readonly Dictionary<string, PemSigner> _signers = [];

    public TempFolder Root { get; } = new();

    public PromotionFixture Promotion { get; } = new();

    public FakeTimeProvider Time => Promotion.Time;

    public FakeRegistry Base => Promotion.Base;

    public Release Release { get; private set; } = null!;

    public Digest App => Release.Images[0].Digest;

    /// <summary>The manifests of the platforms of the first image, when it has several.</summary>
    public IReadOnlyList<Digest> Platforms { get; private set; } = [];

    public IReadOnlyList<VerificationKey> BuilderKeys { get; set; } = [];

    public IReadOnlyList<VerificationKey> ExcludedApprovers { get; set; } = [];

    public static async Task<GateFixture> CreateAsync(params string[] images)
    {
        var fixture = new GateFixture();
        fixture.Release = await fixture.Promotion.PublishAsync("1.0.0", images.Length == 0 ? ["app"] : images);
        return fixture;
    }

    /// <summary>Creates a fixture whose image has two platforms.</summary>
    public static async Task<GateFixture> CreateIndexAsync()
    {
        var fixture = new GateFixture();
        var workshop = fixture.Promotion.Workshop["app"];
        var (amd64, arm64) = (workshop.AddImage("amd64"), workshop.AddImage("arm64"));
        var index = workshop.AddIndex(
            null, (Platform.LinuxAmd64, amd64), (Platform.LinuxArm64, arm64),
            (new Platform { Os = "unknown", Architecture = "unknown" }, workshop.AddImage("attestations of BuildKit")));
        var image = new ImageToPublish(
            "app",
            workshop,
            new BuiltImage(
                index, [Platform.LinuxAmd64, Platform.LinuxArm64], ImageReference.Parse("mcr.microsoft.com/dotnet/aspnet:10.0"), false));
        fixture.Release = await fixture.Promotion.PublishAsync(fixture.Promotion.Build("1.0.0") with { Images = [image] });
        fixture.Platforms = [amd64.Descriptor.Digest, arm64.Descriptor.Digest];
        return fixture;
    }

    /// <summary>Returns the signer of a key; its file is <c>keys/NAME.pub</c>, with lines before the key.</summary>
    public PemSigner Signer(string name, string lines = "")
    {
        if (_signers.TryGetValue(name, out var known))
            return known;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var before = lines.Length > 0 ? lines + "\n" : "";
        Root.Write($"keys/{name}.pub", Encoding.UTF8.GetBytes(before + key.ExportSubjectPublicKeyInfoPem()));
        return _signers[name] = PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), null, name);
    }

    public Task<VerificationKey> KeyAsync(string name) => Signer(name).GetPublicKeyAsync(CancellationToken.None);

    /// <summary>Writes a signed attestation beside a manifest.</summary>
    public async Task AttestAsync(
        string type, string predicate, string signer = "build", Digest? beside = null, Digest? about = null, string image = "app")
    {
        var place = beside ?? Release.Images.Single(one => one.Name == image).Digest;
        var repository = Base[image];
        var statement = Statement.Write(new StatementSubject(image, about ?? place), type, Encoding.UTF8.GetBytes(predicate));
        var bundle = await SigstoreBundle.SignAsync(statement, Signer(signer), CancellationToken.None);
        var manifest = AttestationReferrer.Create(bundle, repository.Manifests[place].Descriptor, type, Time.GetUtcNow());
        await AttestationReferrer.PutAsync(repository, manifest, bundle, CancellationToken.None);
    }

    /// <summary>Attaches a document as it is, with one layer for each content.</summary>
    public void Attach(string type, string content, string? created = Minute, Digest? beside = null, params string[] more)
    {
        var repository = Base["app"];
        repository.Add(
            ManifestContent.Create(new Manifest
            {
                MediaType = MediaTypes.OciManifest,
                ArtifactType = type,
                Config = repository.AddBlob(MediaTypes.OciEmpty, "{}"),
                Layers = [repository.AddBlob(type, content), .. more.Select(other => repository.AddBlob(type, other))],
                Subject = repository.Manifests[beside ?? App].Descriptor,
                Annotations = created is null ? null
                    : new Dictionary<string, string> { ["org.opencontainers.image.created"] = created },
            }),
            null);
    }

    /// <summary>Approves the release for prod, or withdraws that.</summary>
    public Task<IReadOnlyList<ApprovedImage>> ApproveAsync(
        string signer, Func<ApprovalDecision, ApprovalDecision>? change = null, Release? release = null)
    {
        var decision = new ApprovalDecision { Environment = "prod", By = signer, Reason = "tested" };
        return new Approver(Promotion.Repositories, PromotionFixture.BaseAddress, Time).ApproveAsync(
            release ?? Release, change?.Invoke(decision) ?? decision, Signer(signer), CancellationToken.None);
    }

    public async Task<PlannedGate> EvaluateAsync(Gate gate, CancellationToken cancellationToken = default) =>
        Assert.Single(await new GateEvaluators([]).EvaluateAsync(Context(gate), new SkippedChecks(reason: null), cancellationToken));

    public GateContext Context(Gate gate) => new(
        Promotion.Request(Release).To(new PromotionEnvironment("prod") { Gates = [gate] }), Promotion.Repositories, Time)
    {
        Keys = new KeyFiles(Root.Path),
        BuilderKeys = BuilderKeys,
        ExcludedApprovers = ExcludedApprovers,
    };

    /// <summary>Evaluates a gate, and compares the finding; digests and the ids of keys differ at each run.</summary>
    public async Task AssertAsync(Gate gate, GateVerdict? verdict, string finding, bool isOrdered = true)
    {
        var planned = await EvaluateAsync(gate);

        var found = Shorten(planned.Finding!);
        Assert.Equal((verdict, Sort(finding)), (planned.Verdict, Sort(found)));
        Assert.Null(HostileText.FindFault(planned.Finding!, lines: 0));
        Assert.False(planned.IsDelegable);

        // Referrers are in the order of their digests.
        string Sort(string text) => isOrdered ? text : string.Concat(text.Order());
    }

    public static string Shorten(string text) => KeyId().Replace(Hint().Replace(HexDigest().Replace(text, "D"), "H"), " K");

    public void Dispose()
    {
        Root.Dispose();
        foreach (var signer in _signers.Values)
            signer.Dispose();
    }

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex HexDigest();

    [GeneratedRegex(@"'[^']{4}…' \(44 characters\)")]
    private static partial Regex Hint();

    [GeneratedRegex(" [0-9a-f]{12}(?![0-9a-f])")]
    private static partial Regex KeyId();
}
