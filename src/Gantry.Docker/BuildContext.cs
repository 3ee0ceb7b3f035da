using System.Formats.Tar;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Gantry.Images;

namespace Gantry.Docker;

/// <summary>
/// The files that a build may copy from, as the tar stream that engines take. Times are those of the source, not of the checkout,
/// so that they do not differ from machine to machine.
/// </summary>
internal sealed class BuildContext
{
    private const UnixFileMode ModeOnWindows =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly ImageBuildRequest _request;
    private readonly bool _isOutside;

    /// <summary>Prepares the context of a request.</summary>
    public BuildContext(ImageBuildRequest request)
    {
        _request = request;
        var relative = Path.GetRelativePath(request.Context, request.Dockerfile).Replace('\\', '/');
        _isOutside = relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);
        DockerfileEntry = _isOutside
            ? ".dockerfile." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(relative)))[..16]
            : relative;
    }

    /// <summary>The Dockerfile's name in the context; one that lies outside is sent along under a name of its own.</summary>
    public string DockerfileEntry { get; }

    /// <summary>Opens the stream. It is written while it is read; a failure to write shows where it is read.</summary>
    public Stream OpenRead(CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = WriteAsync(pipe.Writer, cancellationToken);
        return pipe.Reader.AsStream();
    }

    // Sorted by name: the engine's cache does not mind, people who compare two contexts do.
    private IEnumerable<FileSystemInfo> Entries() =>
        new DirectoryInfo(_request.Context)
            .EnumerateFileSystemInfos("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .OrderBy(NameOf, StringComparer.Ordinal);

    private string NameOf(FileSystemInfo entry) => Path.GetRelativePath(_request.Context, entry.FullName).Replace('\\', '/');

    private async Task WriteAsync(TarWriter tar, FileSystemInfo source, CancellationToken cancellationToken)
    {
        var name = NameOf(source);
        if (source.LinkTarget is { } target)
            await WriteAsync(tar, new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target.Replace('\\', '/') }, source, cancellationToken);
        else if (source is DirectoryInfo)
            await WriteAsync(tar, new PaxTarEntry(TarEntryType.Directory, name + "/"), source, cancellationToken);
        else
            await WriteFileAsync(tar, name, source, cancellationToken);
    }

    private async Task WriteFileAsync(TarWriter tar, string name, FileSystemInfo source, CancellationToken cancellationToken)
    {
        await using var content = new FileStream(source.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await WriteAsync(tar, new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content }, source, cancellationToken);
    }

    private async Task WriteAsync(TarWriter tar, PaxTarEntry entry, FileSystemInfo source, CancellationToken cancellationToken)
    {
        entry.Mode = OperatingSystem.IsWindows() ? ModeOnWindows : source.UnixFileMode;
        entry.ModificationTime = _request.SourceDate;
        await tar.WriteEntryAsync(entry, cancellationToken);
    }

    private async Task WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var tar = new TarWriter(writer.AsStream(leaveOpen: true), TarEntryFormat.Pax, leaveOpen: false);
            foreach (var entry in Entries())
                await WriteAsync(tar, entry, cancellationToken);
            if (_isOutside)
                await WriteFileAsync(tar, DockerfileEntry, new FileInfo(_request.Dockerfile), cancellationToken);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await writer.CompleteAsync(failure);
    }
}
