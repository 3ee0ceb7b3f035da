using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;
using Gantry.Testing.Faults;
using static Gantry.Testing.Faults.RegistryFaults;

namespace Gantry.Tests.Promotion;

/// <summary>Promotions to registries that could not keep their records, or that claim what is not so.</summary>
public sealed class PromotionToOddRegistriesTests : IAsyncLifetime
{
    private const string Name = "team/app";

    private readonly TempFolder _folder = new();
    private readonly SampleImage _image = SampleImage.Create(1, 100_000, 5_000);
    private ScriptedRegistry _registry = null!;
    private RegistrySession _session = null!;

    public async Task InitializeAsync()
    {
        _registry = await ScriptedRegistry.StartAsync(new ScriptedRegistryOptions { ReferrersApi = false });
        _session = new RegistrySession(_registry.SessionOptions() with { RootFolder = _folder.Path });
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        await _registry.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_registry_that_reads_the_fallback_tag_as_a_digest_is_found_out_when_the_promotion_is_planned()
    {
        ReadTagsAsDigests();
        _registry.Store.Add(Name, SampleImage.Create(2, 100), "0.9.0");

        Assert.Equal("GAN2041", await CodeAsync(async () => await PlanAsync(await PublishAsync())));

        Assert.DoesNotContain(_registry.Requests, request => request.Method is "PUT" or "POST");
    }

    [Fact]
    public async Task In_an_empty_repository_it_is_found_out_before_the_record_and_the_tag()
    {
        ReadTagsAsDigests();
        var plan = await PlanAsync(await PublishAsync());

        Assert.Equal("GAN2041", await CodeAsync(async () => (await new Promoter().ApplyAsync(plan, default)).ThrowIfFailed()));

        Assert.Empty(_registry.Store.Tags);
        Assert.Equal([_image.Root.Descriptor.Digest.ToString()], _registry.Store.Manifests.Keys.Select(key => key.Digest));
    }

    [Fact]
    public async Task A_tag_that_only_claims_the_release_is_found_out()
    {
        var release = await PublishAsync();
        _registry.Store.Add(Name, SampleImage.Create(2, 100), "1.0.0");
        _registry.FailAlways("HEAD", "/manifests/1.0.0", fault =>
        {
            fault.Http.Response.ContentType = _image.Root.Descriptor.MediaType;
            fault.Http.Response.ContentLength = _image.Root.Descriptor.Size;
            fault.Http.Response.Headers["Docker-Content-Digest"] = _image.Root.Descriptor.Digest.ToString();
            return Task.CompletedTask;
        });

        Assert.Equal("GAN4035", await CodeAsync(() => PlanAsync(release)));
    }

    [Fact]
    public async Task A_second_promotion_finds_the_record_where_referrers_may_not_be_listed()
    {
        var release = await PublishAsync();
        _registry.FailAlways("GET", "/referrers/", StatusCode(403));
        (await new Promoter().ApplyAsync(await PlanAsync(release), default)).ThrowIfFailed();

        Assert.True((await PlanAsync(release)).ChangesNothing);
    }

    private void ReadTagsAsDigests() => _registry.FailAlways("GET", "/manifests/sha256-", fault =>
    {
        fault.Http.Request.Path = fault.Http.Request.Path.Value!.Replace("sha256-", "sha256:", StringComparison.Ordinal);
        return fault.AnswerAsync();
    });

    private static async Task<string> CodeAsync(Func<Task> act) => (await Assert.ThrowsAsync<GantryException>(act)).Code;

    private Task<PromotionPlan> PlanAsync(Release release) => new PromotionPlanner(_session).PlanAsync(
        new PromotionRequest
        {
            Release = release,
            Base = RegistryAddress.Parse("oci:base"),
            Targets = PromotionTarget.Of(new("dev"), _registry.Address),
        },
        default);

    private async Task<Release> PublishAsync()
    {
        var workshop = _session.Open(RegistryAddress.Parse("oci:workshop"), Name);
        await _image.PushAsync(workshop);
        var published = await new Publisher(_session, TimeProvider.System).PublishAsync(
            new PublishRequest
            {
                Version = "1.0.0",
                Commit = "0123456789abcdef0123456789abcdef01234567",
                Base = RegistryAddress.Parse("oci:base"),
                Images = [new ImageToPublish(Name, workshop, new BuiltImage(_image.Root, [Platform.LinuxAmd64], null, standIn: false))],
            },
            default);
        return await new ReleaseFinder(_session).FindAsync(
            RegistryAddress.Parse("oci:base"), [Name], published.Release.Version, digest: null, default);
    }
}
