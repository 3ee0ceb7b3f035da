using System.Security.Cryptography;
using System.Text;
using Gantry.Attestations;
using Gantry.Nuke.Rebuilding;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Signing;
using Gantry.Testing;

namespace Gantry.Nuke.Tests.Rebuilding;

/// <summary>What a release records of its build counts when a trusted key has signed it; what cannot be built again is refused.</summary>
public sealed class RecordedBuildReaderTests : IDisposable
{
    private static readonly string Commit = new('c', 40);
    private static readonly Digest Base = Digest.Of([7]);
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly MemoryRegistries _registries = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose() => _key.Dispose();

    [Fact]
    public async Task Everything_that_is_recorded_is_read()
    {
        var image = await PushAsync();
        await AttestAsync(image, _key);

        var build = await ReadAsync(image, TrustOf(_key));

        Assert.True(build.IsVerified);
        Assert.Equal(["10.0.100"], build.Sdks);
        Assert.Equal([ImageReference.Parse($"example.com/base:1@{Base}")], build.BaseImages);
        Assert.Equal("https://example.com/shop", build.Source);
        Assert.Equal(Now.AddDays(-1), build.Created);
    }

    [Fact]
    public async Task Without_trusted_keys_the_record_is_enough()
    {
        var build = await ReadAsync(await PushAsync(), trust: null);

        Assert.False(build.IsVerified);
        Assert.Empty(build.Sdks);
    }

    [Theory]
    [InlineData("none", "has no provenance that counts for the image app")]
    [InlineData("foreign key", "signed with no trusted key")]
    [InlineData("other version", "is about another build")]
    [InlineData("other commit", "is about another build")]
    [InlineData("the future", "of the future")]
    public async Task A_provenance_that_does_not_count_is_refused(string kind, string reason)
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var image = await PushAsync();
        if (kind == "foreign key")
            await AttestAsync(image, foreign);
        else if (kind != "none")
            await AttestAsync(
                image,
                _key,
                version: kind == "other version" ? "9.9.9" : "1.4.2",
                commit: kind == "other commit" ? new string('d', 40) : Commit,
                time: kind == "the future" ? Now.AddDays(1) : Now);

        var error = await Assert.ThrowsAsync<GantryException>(() => ReadAsync(image, TrustOf(_key)));

        Assert.Equal("GAN7084", error.Code);
        Assert.Contains(reason, error.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, null)]
    [InlineData(true, true, "GAN7084")]
    [InlineData(false, false, null)]
    public async Task Before_a_rebase_a_trusted_key_must_have_signed_how_the_image_was_made(bool hasKeys, bool isForeign, string? code)
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var image = await PushAsync();
        if (hasKeys)
            await AttestAsync(image, isForeign ? foreign : _key);
        var reader = new RecordedBuildReader(_ => Repository, hasKeys ? TrustOf(_key) : null, Now);

        var error = await Record.ExceptionAsync(() => reader.RequireProvenanceAsync(ReleaseOf(image), CancellationToken.None));

        Assert.Equal(code, (error as GantryException)?.Code);
        Assert.Equal(code is null, error is null);
    }

    [Fact]
    public async Task A_provenance_with_another_base_image_than_the_image_is_refused()
    {
        var image = await PushAsync();
        await AttestAsync(image, _key, baseImage: Digest.Of([8]));

        Assert.Equal("GAN7085", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync(image, TrustOf(_key)))).Code);
    }

    [Theory]
    [InlineData("1.4.2-dirty-0123abcd", null, "GAN7080")]
    [InlineData("1.4.2-rc.1.dirty-0123abcd", null, "GAN7080")]
    [InlineData("1.4.2", "unknown", "GAN7081")]
    public async Task A_release_that_no_commit_describes_is_refused(string version, string? commit, string code)
    {
        var image = await PushAsync();

        var error = await Assert.ThrowsAsync<GantryException>(
            () => ReadAsync(image, trust: null, release => release with { Version = version, Commit = commit ?? release.Commit }));

        Assert.Equal(code, error.Code);
    }

    [Fact]
    public async Task A_version_that_only_looks_like_uncommitted_changes_is_read() =>
        Assert.NotNull(await ReadAsync(await PushAsync(), trust: null, release => release with { Version = "1.4.2-dirty-work" }));

    [Fact]
    public async Task An_image_of_an_engine_is_refused()
    {
        // As Docker engines write it: with the names in alphabetical order.
        var image = await PushAsync(
            """{"architecture":"amd64","config":{},"created":"2026-01-01","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}""");

        Assert.Equal("GAN7082", (await Assert.ThrowsAsync<GantryException>(() => ReadAsync(image, trust: null))).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_image_on_a_stand_in_is_refused(bool isRecorded)
    {
        var image = await PushAsync(isRecorded ? Config() : Config("\"dev.gantry.base.stand-in\":\"true\","));

        var error = await Assert.ThrowsAsync<GantryException>(() => ReadAsync(image, trust: null, release => release with
        {
            Images = [release.Images[0] with { StandIn = isRecorded }],
        }));

        Assert.Equal("GAN7083", error.Code);
    }

    private Task<RecordedBuild> ReadAsync(ManifestContent image, TrustPolicy? trust, Func<Release, Release>? change = null)
    {
        var release = ReleaseOf(image);
        return new RecordedBuildReader(_ => Repository, trust, Now).ReadAsync(change?.Invoke(release) ?? release, CancellationToken.None);
    }

    private static Release ReleaseOf(ManifestContent image) => new()
    {
        Version = "1.4.2",
        Commit = Commit,
        Created = Now,
        Images = [ReleaseImage.Of("app", "example.com/app", new BuiltImage(image, [Platform.LinuxAmd64], null, standIn: false))],
    };

    private IImageRepository Repository => _registries.Open(RegistryAddress.Parse("example.com"), "app");

    private static TrustPolicy TrustOf(ECDsa key) => new() { Keys = [new TrustedKey(VerificationKey.Of(key, "the key"), "the key")] };

    // As the builder writes it, on one line.
    private static string Config(string label = "") => $$$"""
        {"created":"2026-04-30T12:00:00Z","architecture":"amd64","os":"linux","config":{"Labels":{ {{{label}}}
        "org.opencontainers.image.base.digest":"{{{Base}}}","org.opencontainers.image.base.name":"example.com/base:1",
        "org.opencontainers.image.created":"2026-04-30T12:00:00Z","org.opencontainers.image.source":"https://example.com/shop"}},
        "rootfs":{"type":"layers","diff_ids":[]}}
        """.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);

    private async Task<ManifestContent> PushAsync(string? config = null)
    {
        var bytes = Encoding.UTF8.GetBytes(config ?? Config());
        var blob = new Descriptor { MediaType = MediaTypes.OciConfig, Digest = Digest.Of(bytes), Size = bytes.Length };
        await Repository.PutBlobAsync(blob, _ => Task.FromResult<Stream>(new MemoryStream(bytes)), CancellationToken.None);
        var manifest = ManifestContent.Create(new Manifest { MediaType = MediaTypes.OciManifest, Config = blob, Layers = [] });
        await Repository.PutManifestAsync(manifest, CancellationToken.None);
        return manifest;
    }

    private async Task AttestAsync(
        ManifestContent image, ECDsa key, string version = "1.4.2", string? commit = null, DateTimeOffset? time = null,
        Digest? baseImage = null)
    {
        var provenance = new Provenance
        {
            BuildDefinition = new BuildDefinition
            {
                ExternalParameters = new BuildParameters { Version = version, Image = "app" },
                InternalParameters = new Dictionary<string, string> { ["dotnetSdk"] = "10.0.100" },
                ResolvedDependencies =
                [
                    ResourceDescriptor.OfCommit(null, commit ?? Commit),
                    ResourceDescriptor.Of("pkg:oci/base", baseImage ?? Base) with { Name = "base image" },
                ],
            },
            RunDetails = new RunDetails
            {
                Builder = new Builder { Id = "https://example.com" },
                Metadata = new RunMetadata { FinishedOn = time ?? Now },
            },
        };
        var statement = Statement.Write(
            new StatementSubject("app", image.Descriptor.Digest), PredicateTypes.Provenance, provenance.ToJson());
        var bundle = await SigstoreBundle.SignAsync(
            statement, PemSigner.Parse(key.ExportPkcs8PrivateKeyPem(), password: null, "the key"), CancellationToken.None);
        var manifest = AttestationReferrer.Create(bundle, image.Descriptor, PredicateTypes.Provenance, time ?? Now);
        await AttestationReferrer.PutAsync(Repository, manifest, bundle, CancellationToken.None);
    }
}
