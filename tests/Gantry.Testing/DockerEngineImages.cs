using System.Formats.Tar;
using Docker.DotNet.Models;

namespace Gantry.Testing;

/// <summary>Images for an engine without a network.</summary>
public static class DockerEngineImages
{
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    private static readonly string[] Applets =
        ["sh", "cat", "echo", "ls", "sleep", "stat", "test", "id", "httpd", "true", "date", "mkdir", "touch"];

    /// <summary>Creates a base image with a shell from the static busybox of this machine.</summary>
    public static async Task ImportBusyboxAsync(this DockerDaemon engine, string name)
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await using var program = File.OpenRead(RequiredProgram.Busybox.RequirePath());
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "bin/") { Mode = Executable });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b001_111_111_111 });
            await tar.WriteEntryAsync(
                new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = Executable, DataStream = program });
            foreach (var applet in Applets)
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }

        archive.Position = 0;
        var colon = name.LastIndexOf(':');
        using var client = engine.CreateClient();
        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name[..colon], Tag = name[(colon + 1)..] },
            archive,
            new AuthConfig(),
            new Progress<JSONMessage>());
    }

    /// <summary>
    /// Loads an image of an OCI layout folder or of a loopback registry into the engine, under a new name that is returned.
    /// </summary>
    /// <param name="engine">The engine.</param>
    /// <param name="image">The image in skopeo's notation: <c>oci:folder:tag</c>, <c>docker://localhost:5000/app:1</c>.</param>
    public static async Task<string> LoadAsync(this DockerDaemon engine, string image)
    {
        var name = $"gantry.test/loaded:{Guid.NewGuid():N}";
        (await Skopeo.RunAsync(
            ["copy", "--src-tls-verify=false", "--dest-daemon-host", engine.Host, image, "docker-daemon:" + name])).EnsureSuccess();
        return name;
    }
}
