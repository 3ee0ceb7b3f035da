using Gantry.Images.Sboms;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;

namespace Gantry.Images.Tests.Sboms;

public sealed class BuiltImageTests : IAsyncLifetime
{
    private const string Base = "base.example/team/runtime:1";

    private readonly BuildFixture _build = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _build.DisposeAsync();

    [Fact]
    public async Task The_base_and_the_application_are_in_one_SBOM()
    {
        var image = new BaseImageFactory().Layer(
            BaseImageFactory.File("etc/os-release", SbomFixture.Debian),
            BaseImageFactory.File("var/lib/dpkg/status", "Package: tzdata\nVersion: 2025b-0\nArchitecture: all\n"));
        var pushed = await image.PushAsync(_build.Registries, Base);
        _build.Write("Shop.deps.json", SbomFixture.Deps("Shop", "Json/13.0.3")).Dockerfile($"FROM {Base}\nCOPY Shop.deps.json /app/\n");
        var built = await _build.BuildAsync();

        var sbom = Assert.Single(
            await new SbomGenerator(_build.Target).CreateAsync(built.Root, SbomFixture.Options, CancellationToken.None));

        SbomFixture.Keep("built", sbom);
        Assert.Equal(["pkg:deb/debian/tzdata@2025b-0?arch=all&distro=debian-12", "pkg:nuget/Json@13.0.3"], sbom.Purls());
        Assert.Equal(["os", "project:Shop@1.0.0"], sbom.Document.Dependencies[0].DependsOn);
        Assert.Contains(
            sbom.Document.Subject!.Properties,
            property => property.Name == "org.opencontainers.image.base.digest"
                && property.Value == pushed.Descriptor.Digest.ToString());
        Assert.Empty(sbom.Notes);
    }

    [Fact]
    public async Task A_build_unpacks_the_base_for_the_SBOM_too()
    {
        using var cache = new Gantry.Testing.TempFolder();
        _build.Options = new OciImageBuilderOptions { CacheFolder = cache.Path };
        await new BaseImageFactory().Layer(BaseImageFactory.File("etc/os-release", SbomFixture.Debian)).PushAsync(_build.Registries, Base);
        _build.Write("a").Dockerfile($"FROM {Base}\nCOPY a /a\n");
        var built = await _build.BuildAsync();
        var layers = built.Root.ReadManifest().Layers;
        File.Delete(Path.Combine(_build.TargetFolder, "blobs", "sha256", layers[0].Digest.Hex));

        var sbom = Assert.Single(await new SbomGenerator(_build.Target).CreateAsync(
            built.Root, SbomFixture.Options with { CacheFolder = cache.Path }, CancellationToken.None));

        Assert.Equal(["debian"], sbom.Components.Select(component => component.Name));
    }
}
