using Gantry.Oci;
using Gantry.Registries;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Images.Tests.Fixtures;

/// <summary>A build context in a temporary folder, base images in memory, and a layout folder as target.</summary>
internal sealed class BuildFixture : IAsyncDisposable
{
    public static readonly DateTimeOffset Date = new(2026, 3, 1, 12, 30, 15, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly RegistrySession _session;

    public BuildFixture()
    {
        _session = new RegistrySession(new RegistrySessionOptions { RootFolder = _folder.Path });
        Target = _session.Open(RegistryAddress.Parse("oci:out"), "app");
    }

    /// <summary>The build context.</summary>
    public string Context => _folder.Combine("context");

    /// <summary>A folder outside of the context.</summary>
    public string Elsewhere => _folder.Combine("elsewhere");

    /// <summary>The layout folder that images are written to.</summary>
    public string TargetFolder => _folder.Combine("out", "app");

    public FakeBaseRegistries Registries { get; } = new();

    public IImageRepository Target { get; }

    public RecordingBuildLog Log { get; } = new();

    public OciImageBuilderOptions Options { get; set; } = new();

    public ImageBuildRequest Request => new()
    {
        Dockerfile = Path.Combine(Context, "Dockerfile"),
        Context = Context,
        SourceDate = Date,
    };

    /// <summary>Writes a file of the context; <c>executable</c> applies on systems with file modes.</summary>
    public BuildFixture Write(string path, string content = "", bool executable = false)
    {
        var full = _folder.Write(Path.Combine("context", path), System.Text.Encoding.UTF8.GetBytes(content));
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(full, File.GetUnixFileMode(full) | UnixFileMode.UserExecute);
        return this;
    }

    public BuildFixture Link(string path, string target)
    {
        var full = Path.Combine(Context, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.CreateSymbolicLink(full, target);
        return this;
    }

    public BuildFixture Dockerfile(string text) => Write("Dockerfile", text);

    public Task<BuiltImage> BuildAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null) =>
        new OciImageBuilder(Registries, Options, Log).BuildAsync(change?.Invoke(Request) ?? Request, Target, CancellationToken.None);

    /// <summary>Builds for one platform and reads the resulting image.</summary>
    public async Task<ImageContents> BuildAndReadAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null) =>
        await ImageContents.ReadAsync(Target, (await BuildAsync(change)).Root.Descriptor.Digest);

    /// <summary>Builds, and returns the error; asserts that nothing was written.</summary>
    public async Task<GantryException> FailAsync(Func<ImageBuildRequest, ImageBuildRequest>? change = null)
    {
        var error = await Assert.ThrowsAsync<GantryException>(() => BuildAsync(change));
        Assert.False(Directory.Exists(Path.Combine(TargetFolder, "blobs")));
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Provides the registries of base images.</summary>
internal sealed class FakeBaseRegistries : IRegistryClient
{
    private readonly MemoryRegistries _memory = new();

    /// <summary>The error of every registry access, when set.</summary>
    public GantryException? Failure { get; set; }

    public IImageRepository Open(RegistryAddress address, string repository) =>
        Failure is null ? _memory.Open(address, repository) : throw Failure;
}

internal sealed class RecordingBuildLog : IBuildLog
{
    public List<string> Warnings { get; } = [];

    public List<string> Lines { get; } = [];

    public void Information(string message) => Lines.Add(message);

    public void Warning(string message) => Warnings.Add(message);
}
