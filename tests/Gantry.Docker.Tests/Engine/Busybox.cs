using System.Formats.Tar;
using Docker.DotNet.Models;
using Gantry.Testing;

namespace Gantry.Docker.Tests;

/// <summary>A base image with a shell, made of this machine's static busybox: no network is needed.</summary>
internal static class Busybox
{
    private static readonly string[] Applets = ["sh", "cat", "echo", "ls", "sleep", "stat", "test", "id", "httpd", "true", "date", "dd", "mkdir", "touch"];

    public static async Task ImportBusyboxAsync(this DockerEngine engine, string name)
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            await using var program = File.OpenRead(DockerEngineHost.FindProgram("busybox")!);
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "bin/") { Mode = (UnixFileMode)0b111_101_101 });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.Directory, "tmp/") { Mode = (UnixFileMode)0b001_111_111_111 });
            await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = program });
            foreach (var applet in Applets)
                await tar.WriteEntryAsync(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
        }

        archive.Position = 0;
        var colon = name.LastIndexOf(':');
        await engine.Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name[..colon], Tag = name[(colon + 1)..] },
            archive,
            new AuthConfig(),
            new Progress<JSONMessage>());
    }

    /// <summary>Waits for the end of every container: the engine removes a build's own asynchronously.</summary>
    public static async Task WaitUntilNoContainerRunsAsync(this DockerEngine engine)
    {
        foreach (var container in await engine.Client.Containers.ListContainersAsync(new ContainersListParameters()))
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await engine.Client.Containers.WaitContainerAsync(container.ID, timeout.Token);
        }
    }
}
