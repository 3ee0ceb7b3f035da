using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Status;
using Gantry.Tests.Fakes;
using Gantry.Tests.Seeing;
using Gantry.Verification;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Tests.Promotion;

/// <summary>A workshop with built images, a base registry and the registries of two environments, all in memory.</summary>
internal sealed class PromotionFixture
{
    public static readonly RegistryAddress BaseAddress = RegistryAddress.Parse("base.test:5000");
    public static readonly RegistryAddress DevAddress = RegistryAddress.Parse("dev.test:5000");
    public static readonly RegistryAddress TestAddress = RegistryAddress.Parse("test.test:5000");

    public PromotionFixture() => Repositories = new FakeRegistries(Base, Dev, Test);

    public FakeRegistry Workshop { get; } = new("oci:workshop");

    public FakeRegistry Base { get; } = new("base.test:5000");

    public FakeRegistry Dev { get; } = new("dev.test:5000");

    public FakeRegistry Test { get; } = new("test.test:5000");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public IRegistryClient Repositories { get; }

    public PublishRequest Build(string version, params string[] images) => new()
    {
        Version = version,
        Commit = "0123456789abcdef0123456789abcdef01234567",
        BuildId = "77",
        Base = BaseAddress,
        Images = [.. images.Select(image => BuildImage(image, $"{image} {version}"))],
    };

    public ImageToPublish BuildImage(string name, string content, bool standIn = false) =>
        new(
            name,
            Workshop[name],
            new BuiltImage(
                Workshop[name].AddImage(content),
                [Platform.LinuxAmd64],
                ImageReference.Parse("mcr.microsoft.com/dotnet/aspnet:10.0"),
                standIn));

    public async Task<Release> PublishAsync(PublishRequest request, CancellationToken cancellationToken = default) =>
        (await new Publisher(Repositories, Time).PublishAsync(request, cancellationToken)).Release;

    public Task<Release> PublishAsync(string version, params string[] images) => PublishAsync(Build(version, images));

    public PromotionRequest Request(Release release, string? reason = null, params RegistryAddress[] targets) => new()
    {
        Release = release,
        Base = BaseAddress,
        Targets = PromotionTarget.Of(new PromotionEnvironment("dev"), targets.Length == 0 ? [DevAddress] : targets),
        MoveTagReason = reason,
    };

    public Task<PromotionPlan> PlanAsync(PromotionRequest request) =>
        new PromotionPlanner(Repositories, Time).PlanAsync(request, CancellationToken.None);

    /// <summary>Reads an environment, and compares it with the base registry.</summary>
    public Task<EnvironmentStatus> ReadAsync(PromotionTarget place, string? version = null, params string[] images)
    {
        images = images.Length == 0 ? ["app"] : images;
        return new EnvironmentReader(Repositories, Time) { Base = new BaseReleases(Repositories, BaseAddress, images, Time) }.ReadAsync(
            place, images, version, CancellationToken.None);
    }

    /// <summary>Reads what people are shown of some registries.</summary>
    public async Task<ShownStatus> ShowAsync(
        IReadOnlyList<PromotionTarget> places, string? version = null, TimeSpan later = default, int maximumVersions = 1000)
    {
        var policy = new VerificationPolicy { Base = BaseAddress, Images = ["app"], Targets = places };
        var status = await new StatusReader(Repositories, policy, Time) { MaximumVersions = maximumVersions }.ReadAsync(
            version, CancellationToken.None);
        return ShownStatus.Of(status with { AsOf = status.AsOf + later });
    }

    public async Task<PromotionOutcome> PromoteAsync(PromotionRequest request)
    {
        var outcome = await new Promoter { Time = Time }.ApplyAsync(
            (await PlanAsync(request)).Approve("asked for by a test"), CancellationToken.None);
        outcome.ThrowIfFailed();
        return outcome;
    }
}

/// <summary>Changes the environment of requests.</summary>
internal static class PromotionRequests
{
    /// <summary>Returns the request with the same registries as those of another environment.</summary>
    public static PromotionRequest To(this PromotionRequest request, PromotionEnvironment environment) =>
        request with { Targets = PromotionTarget.Of(environment, [.. request.Targets.Select(target => target.Address)]) };
}

/// <summary>Reads releases where they were published or promoted to.</summary>
internal static class PublishedReleases
{
    /// <summary>Finds a release of one or several images in a registry in memory.</summary>
    public static Task<Release> FindAsync(this FakeRegistry registry, string version, params string[] images) =>
        new ReleaseFinder(registry).FindAsync(
            PromotionFixture.BaseAddress, images.Length == 0 ? ["app"] : images, version, digest: null, CancellationToken.None);
}
