using System.Text;
using Gantry.Images.Tests.Fixtures;
using Gantry.Oci;
using Gantry.Releases;
using Gantry.Testing;

namespace Gantry.Images.Tests;

/// <summary>The same inputs give the same digest, on every machine and at any time.</summary>
public sealed class ReproducibilityTests
{
    private const string Dockerfile = """
        FROM scratch
        ARG TARGETARCH
        WORKDIR /app
        COPY --chown=1654:1654 app ./
        COPY README.md LICENSE /docs/
        ENV A=b
        LABEL team=quay
        USER 1654
        ENTRYPOINT ["/app/run"]

        """;

    /// <summary>
    /// The digest of <see cref="Fill"/> in all processes and on all machines. When it changes, so do the digests of all images of users:
    /// their caches and pins are lost without a change on their side. Mention it in the release notes.
    /// </summary>
    private const string Golden = "sha256:a0529a136095b77ca31b78df18e1d7efe9d551b225652456cc3831380fba022d";

    [Fact]
    public async Task The_digest_is_the_same_on_every_machine_and_every_day()
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: false);

        Assert.Equal(Golden, (await BuildAsync(build)).ToString());
    }

    [Fact]
    public async Task The_digest_does_not_depend_on_folder_order_or_file_times()
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: true);
        foreach (var path in Directory.EnumerateFileSystemEntries(build.Context, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(path, new DateTime(1999, 12, 31, 23, 59, 59, DateTimeKind.Utc));

        Assert.Equal(Golden, (await BuildAsync(build)).ToString());
    }

    [UnixTheory]
    [InlineData("777", "777")]
    [InlineData("700", "600")]
    [InlineData("2755", "664")]
    public async Task The_digest_does_not_depend_on_umask_or_inherited_bits(string directoryMode, string fileMode)
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: false);
        foreach (var path in Directory.EnumerateFileSystemEntries(build.Context, "*", SearchOption.AllDirectories))
        {
            var isProgram = Path.GetFileName(path) == "run";
            var mode = Convert.ToInt32(Directory.Exists(path) ? directoryMode : fileMode, 8);
            SetMode(path, Directory.Exists(path) || isProgram ? mode | 0x40 : mode & ~0x49);
        }

        Assert.Equal(Golden, (await BuildAsync(build)).ToString());
    }

    [Fact]
    public async Task Every_input_changes_the_digest()
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: false);
        var digests = new List<Digest> { await BuildAsync(build) };

        digests.Add(await BuildAsync(build, request => request with { SourceDate = BuildFixture.Date.AddSeconds(1) }));
        digests.Add(await BuildAsync(build, request => request with { Labels = new Dictionary<string, string> { ["a"] = "b" } }));
        build.Write("app/data.txt", "changed");
        digests.Add(await BuildAsync(build));
        build.Write("app/new", "");
        digests.Add(await BuildAsync(build));

        Assert.Equal(digests.Count, digests.Distinct().Count());
    }

    [Fact]
    public async Task The_digest_does_not_depend_on_the_order_of_labels()
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: false);

        var first = await BuildAsync(
            build, request => request with { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" } });
        var second = await BuildAsync(
            build, request => request with { Labels = new Dictionary<string, string> { ["b"] = "2", ["a"] = "1" } });

        Assert.Equal(first, second);
    }

    [SkopeoFact]
    public async Task Skopeo_reads_and_copies_the_image()
    {
        await using var build = new BuildFixture();
        Fill(build, reverse: false);
        var built = await build.BuildAsync(request => request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] });
        await build.Target.PutTagAsync("1", built.Root, CancellationToken.None);
        using var folder = new TempFolder();

        // Copying to a plain directory reads every blob, and skopeo verifies all digests.
        await Skopeo.CopyAsync($"oci:{build.TargetFolder}:1", $"dir:{folder.Combine("copy")}");
        Assert.Equal(Encoding.UTF8.GetString(built.Root.Bytes.Span), await Skopeo.InspectRawAsync($"oci:{build.TargetFolder}:1"));
        var inspected = await Skopeo.RunAsync(
            ["inspect", "--override-arch", "arm64", "--override-os", "linux", $"oci:{build.TargetFolder}:1"]);
        Assert.Contains("\"Architecture\": \"arm64\"", inspected.EnsureSuccess().Output, StringComparison.Ordinal);
    }

    private static async Task<Digest> BuildAsync(BuildFixture build, Func<ImageBuildRequest, ImageBuildRequest>? change = null) =>
        (await build.BuildAsync(request =>
        {
            var platforms = request with { Platforms = [Platform.LinuxAmd64, Platform.LinuxArm64] };
            return change?.Invoke(platforms) ?? platforms;
        })).Root.Descriptor.Digest;

    private static void Fill(BuildFixture build, bool reverse)
    {
        // Compressible text for several gzip members, without a random generator of the runtime.
        var text = new StringBuilder();
        for (uint state = 1; text.Length < 3_000_000; state = (state * 1664525) + 1013904223)
            text.Append("quay crane dock ship ").Append(state % 1000).Append('\n');

        (string Path, string Content, bool Executable)[] files =
        [
            ("app/run", "#!/bin/sh\n", true),
            ("app/data.txt", "data", false),
            ("app/large.txt", text.ToString(), false),
            ("app/empty", "", false),
            ("app/ünïcode/" + new string('n', 120) + ".txt", "long name", false),
            ("README.md", "read", false),
            ("LICENSE", "me", false),
            ("Dockerfile", Dockerfile.ReplaceLineEndings("\n"), false),
        ];
        foreach (var (path, content, executable) in reverse ? files.Reverse() : files)
            build.Write(path, content, executable);
    }

    private static void SetMode(string path, int mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }
}
