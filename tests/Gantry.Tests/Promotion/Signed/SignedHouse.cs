using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Gantry.Attestations;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion.Signed;

/// <summary>
/// A base registry and two environments, each with its own key, below one prefix of some store: a folder or a registry. A release with the
/// images <c>app</c> and <c>worker</c>, or others, is published and promoted in it.
/// </summary>
/// <param name="client">Opens the store.</param>
/// <param name="store">The address of the store.</param>
internal sealed class SignedHouse(IRegistryClient client, RegistryAddress store) : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly string _prefix = $"h{Guid.NewGuid():N}";

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 2, 3, 4, 5, TimeSpan.Zero));

    public IRegistryClient Client => client;

    public IReadOnlyList<string> Images { get; init; } = ["app", "worker"];

    public PemSigner BuildKey { get; } = NewKey("the key of the build");

    public PemSigner DevKey { get; } = NewKey("the key of dev");

    public PemSigner TestKey { get; } = NewKey("the key of test");

    public PemSigner AttackerKey { get; } = NewKey("another key");

    /// <summary>Changes the trusted keys of dev, as a commit in the repository does.</summary>
    public Func<TrustedKey, IReadOnlyList<TrustedKey>> DevKeys { get; set; } = key => [key];

    public PromotionEnvironment Dev { get; init; } = new("dev");

    public PromotionEnvironment Test => new("test") { After = Dev };

    public RegistryAddress AddressOf(string name) => store is LayoutAddress folder
        ? RegistryAddress.Parse($"oci:{folder.Folder}/{_prefix}/{name}")
        : RegistryAddress.Parse($"{store}/{_prefix}/{name}");

    public IImageRepository Open(string registry, string image = "app") => client.Open(AddressOf(registry), image);

    public async Task<TrustPolicy> TrustAsync(PemSigner signer, string name)
    {
        var key = new TrustedKey(await signer.GetPublicKeyAsync(default), name);
        return new TrustPolicy { Keys = signer == DevKey ? DevKeys(key) : [key] };
    }

    public async Task<PromotionTarget> DevTargetAsync() =>
        PromotionTarget.Of(Dev, AddressOf("dev"))[0] with { Trust = await TrustAsync(DevKey, "keys/dev/1.pub") };

    public async Task<PromotionTarget> TestTargetAsync() =>
        PromotionTarget.Of(Test, AddressOf("test"))[0] with { Trust = await TrustAsync(TestKey, "keys/test/1.pub") };

    /// <summary>Publishes a release of all images: its own, or those of another version.</summary>
    public async Task<Release> PublishAsync(string version = "1.0.0", ISigner? signer = null, string? imagesOf = null)
    {
        var images = new List<ImageToPublish>();
        foreach (var name in Images)
        {
            var image = SampleImage.Create(Seed(name, imagesOf ?? version), 64, 32);
            await image.PushAsync(Open("workshop", name));
            var built = new BuiltImage(image.Root, [Platform.LinuxAmd64], baseImage: null, standIn: false);
            images.Add(new ImageToPublish(name, Open("workshop", name), built));
        }

        var trust = await TrustAsync(BuildKey, "keys/base/1.pub");
        var request = new PublishRequest
        {
            Version = version,
            Commit = Commit,
            Base = AddressOf("base"),
            Images = images,
            Signing = new ReleaseSigning
            {
                Signer = signer ?? BuildKey,
                Trust = signer is null ? trust : new TrustPolicy { Keys = [new(await signer.GetPublicKeyAsync(default), "other")] },
                Builder = new Builder { Id = PredicateTypes.LocalBuilder },
            },
        };
        return (await new Publisher(client, Time).PublishAsync(request, default)).Release;
    }

    public async Task<PromotionRequest> ToDevAsync(Release release) => new()
    {
        Release = release,
        Base = AddressOf("base"),
        Targets = [await DevTargetAsync()],
        Signer = DevKey,
        BaseTrust = await TrustAsync(BuildKey, "keys/base/1.pub"),
    };

    public async Task<PromotionRequest> ToTestAsync(Release release) => new()
    {
        Release = release,
        Base = AddressOf("base"),
        Targets = [await TestTargetAsync()],
        Before = [await DevTargetAsync()],
        Signer = TestKey,
        BaseTrust = await TrustAsync(BuildKey, "keys/base/1.pub"),
    };

    public Task<PromotionPlan> PlanAsync(PromotionRequest request) => new PromotionPlanner(client, Time).PlanAsync(request, default);

    public async Task<PromotionPlan> PromoteAsync(PromotionRequest request)
    {
        var plan = await PlanAsync(request);
        (await new Promoter { Time = Time }.ApplyAsync(plan.AwaitsDecision ? plan.Approve("a test") : plan, default)).ThrowIfFailed();
        return plan;
    }

    /// <summary>Publishes a release and promotes it to dev.</summary>
    public async Task<Release> PromotedToDevAsync(string version = "1.0.0", string? goBack = null)
    {
        var release = await PublishAsync(version);
        await PromoteAsync(await ToDevAsync(release) with { GoBackReason = goBack });
        return release;
    }

    /// <summary>Reads the promotions that are signed beside an image, whoever signed them, the latest first.</summary>
    public async Task<IReadOnlyList<Attestation>> PromotionsAsync(string registry, Digest image, string name = "app")
    {
        var found = await AttestationReferrer.FindAsync(Open(registry, name), image, PredicateTypes.VerificationSummary, default);
        return [.. found.Attestations.OrderByDescending(each => VerificationSummary.Read(each).TimeVerified)];
    }

    /// <summary>Returns the description of the promotions of one image to dev, as a signer of dev would sign it.</summary>
    internal async Task<VerificationSummary> SummaryAsync(Release release, string name = "app") =>
        VerificationSummary.Read((await PromotionsAsync("dev", release.Images.Single(image => image.Name == name).Digest, name))[0]);

    public void Dispose()
    {
        foreach (var key in (PemSigner[])[BuildKey, DevKey, TestKey, AttackerKey])
            key.Dispose();
    }

    public static PemSigner NewKey(string description)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), password: null, description);
    }

    private static int Seed(string name, string version) =>
        (name + version).Aggregate(17, (seed, letter) => unchecked((seed * 31) + letter));
}

/// <summary>What an attacker does who may push.</summary>
internal static class Pushing
{
    /// <summary>Puts a signed summary beside an image.</summary>
    public static async Task PutAsync(
        this IImageRepository repository, VerificationSummary summary, Descriptor subject, ISigner signer, Digest? about = null)
    {
        var (bundle, manifest) = await PromotionAttestor.SignAsync(
            summary, about is { } other ? subject with { Digest = other } : subject, signer, default);
        await repository.PutAsync(bundle.Bytes.ToArray(), subject, manifest.ReadManifest().Annotations!);
    }

    /// <summary>Puts the bytes of a bundle beside an image.</summary>
    public static Task PutAsync(
        this IImageRepository repository, byte[] bundle, Descriptor subject, IReadOnlyDictionary<string, string> annotations) =>
        DocumentArtifact.PutAsync(
            repository,
            DocumentArtifact.Create(SigstoreBundle.MediaType, bundle, subject, new(annotations.ToDictionary(), StringComparer.Ordinal)),
            bundle,
            default);

    /// <summary>Changes the JSON of a bundle.</summary>
    public static byte[] Change(this SigstoreBundle bundle, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(bundle.Bytes.Span)!.AsObject();
        change(json);
        return System.Text.Encoding.UTF8.GetBytes(json.ToJsonString());
    }
}
