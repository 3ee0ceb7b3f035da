using Gantry.Http;
using Gantry.Environments;
using Gantry.Oci;
using Gantry.Promotion;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Tests.Promotion;

/// <summary>
/// Faulty inputs of a promotion: each ends with its own code before the target has a new tag, and the same promotion succeeds when the
/// fault is repaired.
/// </summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly SampleImage _image = SampleImage.Create(1, 50_000, 3_000);

    // Has the same length as the other, so that the digests can be swapped in an index.
    private readonly SampleImage _other = SampleImage.Create(2, 50_000, 3_000);
    private readonly RegistrySession _session;
    private Release _release = null!;

    public BadInputTests() => _session = Session();

    public async Task InitializeAsync()
    {
        var workshop = _session.Open(RegistryAddress.Parse("oci:workshop"), "app");
        await _image.PushAsync(workshop);
        var publish = new PublishRequest
        {
            Version = "1.0.0",
            Commit = "0123456789abcdef0123456789abcdef01234567",
            Base = RegistryAddress.Parse("oci:base"),
            Images = [new ImageToPublish("app", workshop, new BuiltImage(_image.Root, [Platform.LinuxAmd64], null, standIn: false))],
        };
        _release = (await new Publisher(_session, TimeProvider.System).PublishAsync(publish, CancellationToken.None)).Release;
        await _other.PushAsync(_session.Open(RegistryAddress.Parse("oci:base"), "app"));
    }

    public async Task DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Gets the faults of the base registry that a test can make and repair.</summary>
    public static TheoryData<string, string> BaseFaults => new()
    {
        { "the folder is gone", "GAN4021" },
        { "the layout is of another version", "GAN2010" },
        { "the index is cut off", "GAN2010" },
        { "the index is a web page", "GAN2010" },
        { "the index leads out of the folder", "GAN2010" },
        { "the manifest is cut off", "GAN2005" },
        { "the manifest has another byte", "GAN2005" },
        { "the manifest is gone", "GAN2010" },
        { "a layer is cut off", "GAN2006" },
        { "a layer has another byte", "GAN2005" },
        { "a layer is too long", "GAN2006" },
        { "a layer is gone", "GAN2004" },
        { "a layer is a link out of the folder", "GAN2020" },
        { "the tag points elsewhere", "GAN4021" },
        { "the tag is gone", "GAN4021" },
    };

    [Theory]
    [MemberData(nameof(BaseFaults))]
    public async Task A_faulty_base_registry_gives_no_tag_until_it_is_repaired(string fault, string code)
    {
        var mend = Break(fault);

        var error = await Assert.ThrowsAsync<GantryException>(() => PromoteAsync("oci:dev"));

        Assert.True(code == error.Code, $"{fault}: {error.Message}");
        await using (var session = Session())
            Assert.Empty(await session.Open(RegistryAddress.Parse("oci:dev"), "app").ListTagsAsync(CancellationToken.None));

        mend();
        await PromoteAsync("oci:dev");
        Assert.Equal(
            _image.Root.Descriptor.Digest,
            (await _session.Open(RegistryAddress.Parse("oci:dev"), "app").FindTagAsync("1.0.0", CancellationToken.None))!.Digest);
    }

    [Fact]
    public async Task An_unreachable_target_is_reported()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => PromoteAsync($"localhost:{FreePort.Find()}"));
        Assert.Equal("GAN2001", error.Code);
    }

    [RegistryFact]
    public async Task A_target_that_denies_access_is_reported_and_accepts_the_promotion_later()
    {
        await using var registry = await RealRegistry.StartAsync(new RealRegistryOptions { RequiresPassword = true });

        Assert.Equal("GAN2003", (await Assert.ThrowsAsync<GantryException>(() => PromoteAsync(registry.Host))).Code);

        await using var signedIn = Session(new FixedCredentialSource(new PasswordCredential(RealRegistry.UserName, RealRegistry.Password)));
        await PromoteAsync(registry.Host, signedIn);
        Assert.Equal(
            ["1.0.0", $"sha256-{_image.Root.Descriptor.Digest.Hex}"],
            await signedIn.Open(registry.Address, "app").ListTagsAsync(CancellationToken.None));
    }

    [LinuxRootFact]
    public async Task A_full_disk_gives_no_tag_until_there_is_more_space()
    {
        var disk = _folder.Combine("disk");
        Directory.CreateDirectory(disk);
        (await ChildProcess.RunAsync("mount", ["-t", "tmpfs", "-o", "size=48k", "tmpfs", disk])).EnsureSuccess();
        try
        {
            Assert.Equal("GAN2009", (await Assert.ThrowsAsync<GantryException>(() => PromoteAsync("oci:disk/dev"))).Code);
            await using (var session = Session())
                Assert.Empty(await session.Open(RegistryAddress.Parse("oci:disk/dev"), "app").ListTagsAsync(CancellationToken.None));

            (await ChildProcess.RunAsync("mount", ["-o", "remount,size=4m", disk])).EnsureSuccess();
            await PromoteAsync("oci:disk/dev");
            Assert.Equal(
                _image.Root.Descriptor.Digest,
                (await _session.Open(RegistryAddress.Parse("oci:disk/dev"), "app").FindTagAsync("1.0.0", CancellationToken.None))!.Digest);
        }
        finally
        {
            (await ChildProcess.RunAsync("umount", [disk])).EnsureSuccess();
        }
    }

    [Fact]
    public async Task A_missing_release_is_reported()
    {
        var error = await Assert.ThrowsAsync<GantryException>(() =>
            new ReleaseFinder(_session).FindAsync(
                RegistryAddress.Parse("oci:base"), ["app"], "9.9.9", digest: null, CancellationToken.None));
        Assert.Equal("GAN4014", error.Code);
    }

    /// <summary>Damages the base registry; returns the action that repairs it.</summary>
    private Action Break(string fault)
    {
        var layout = _folder.Combine("base", "app");
        var index = Path.Combine(layout, "index.json");
        var version = Path.Combine(layout, "oci-layout");
        var manifest = Blob(_image.Root.Descriptor.Digest);
        var layer = Blob(_image.Root.ReadManifest().Layers[0].Digest);
        return fault switch
        {
            "the folder is gone" => Rename(_folder.Combine("base")),
            "the layout is of another version" => Rewrite(version, _ => """{"imageLayoutVersion":"9.0.0"}"""u8.ToArray()),
            "the index is cut off" => Rewrite(index, bytes => bytes[..(bytes.Length / 2)]),
            "the index is a web page" => Rewrite(index, _ => "<html>"u8.ToArray()),
            "the index leads out of the folder" =>
                Rewrite(index, bytes => Replace(bytes, _image.Root.Descriptor.Digest.ToString(), "sha256:../../../../etc/passwd")),
            "the manifest is cut off" => Rewrite(manifest, bytes => bytes[..^10]),
            "the manifest has another byte" => Rewrite(manifest, Flip),
            "the manifest is gone" => Rename(manifest),
            "a layer is cut off" => Rewrite(layer, bytes => bytes[..1000]),
            "a layer has another byte" => Rewrite(layer, Flip),
            "a layer is too long" => Rewrite(layer, bytes => [.. bytes, 0]),
            "a layer is gone" => Rename(layer),
            "a layer is a link out of the folder" => Link(layer),
            "the tag points elsewhere" =>
                Rewrite(index, bytes => Replace(bytes, _image.Root.Descriptor.Digest.ToString(), _other.Root.Descriptor.Digest.ToString())),
            "the tag is gone" => Rewrite(index, bytes => Replace(bytes, "1.0.0", "1.0.1")),
            _ => throw new ArgumentOutOfRangeException(nameof(fault)),
        };
    }

    private static byte[] Replace(byte[] bytes, string part, string replacement) =>
        System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(bytes).Replace(part, replacement, StringComparison.Ordinal));

    private string Blob(Digest digest) => Directory.GetFiles(_folder.Combine("base"), digest.Hex, SearchOption.AllDirectories).Single();

    private static byte[] Flip(byte[] bytes)
    {
        var flipped = bytes.ToArray();
        flipped[bytes.Length / 2] ^= 1;
        return flipped;
    }

    private static Action Rewrite(string path, Func<byte[], byte[]> change)
    {
        var before = File.ReadAllBytes(path);
        Write(change(before));
        return () => Write(before);

        void Write(byte[] bytes)
        {
            // Written beside it and moved over it: an existing file may be a link that others share.
            var copy = path + ".changed";
            File.WriteAllBytes(copy, bytes);
            File.Move(copy, path, overwrite: true);
        }
    }

    private static Action Rename(string path)
    {
        var aside = path + ".aside";
        Directory.Move(path, aside);
        return () =>
        {
            if (Directory.Exists(path))
                Directory.Delete(path, recursive: true);
            Directory.Move(aside, path);
        };
    }

    private Action Link(string path)
    {
        var mend = Rename(path);
        File.CreateSymbolicLink(path, _folder.Write("secret", "a secret"u8));
        return () =>
        {
            File.Delete(path);
            mend();
        };
    }

    private async Task PromoteAsync(string target, RegistrySession? session = null)
    {
        await using var own = session is null ? Session() : null;
        session ??= own!;
        var request = new PromotionRequest
        {
            Release = _release,
            Base = RegistryAddress.Parse("oci:base"),
            Targets = PromotionTarget.Of(new("dev"), RegistryAddress.Parse(target)),
        };
        var plan = await new PromotionPlanner(session).PlanAsync(request, CancellationToken.None);
        (await new Promoter().ApplyAsync(plan, CancellationToken.None)).ThrowIfFailed();
    }

    private RegistrySession Session(params ICredentialSource[] credentials) => new(new RegistrySessionOptions
    {
        RootFolder = _folder.Path,
        Credentials = credentials,
        Retry = new HttpRetryOptions { Attempts = 1, Delay = TimeSpan.FromMilliseconds(1) },
    });
}
