using System.Formats.Tar;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Gantry.Images.Dockerfiles;
using Gantry.IO;

namespace Gantry.Images.Context;

/// <summary>
/// The build context as the tar stream that Docker engines read. Times and modes are the same on every machine; what an engine does with
/// them is up to the engine.
/// </summary>
public sealed class BuildContextArchive
{
    private static readonly byte[] Padding = new byte[TarHeader.BlockSize];

    private readonly BuildContext _context;
    private readonly Func<string, long> _timeOf;
    private readonly SourceLine _location;
    private readonly SortedDictionary<string, string> _files = new(StringComparer.Ordinal);

    private BuildContextArchive(ImageBuildRequest request, BuildContext context, string displayName)
    {
        _context = context;
        _timeOf = request.TimeOf;
        _location = new SourceLine(displayName, 1);

        var isInside = displayName != request.Dockerfile;
        DockerfileName = isInside
            ? displayName
            : ".dockerfile." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(displayName)))[..16];
        AddFile(DockerfileName, request.Dockerfile);

        // The engine reads these files as well, even when they exclude themselves.
        AddFile(DockerfileName + ".dockerignore", request.Dockerfile + ".dockerignore");
        AddFile(".dockerignore", Path.Combine(request.Context, ".dockerignore"));
    }

    /// <summary>The name of the Dockerfile in the archive. A Dockerfile outside the context is sent under a generated name.</summary>
    public string DockerfileName { get; }

    /// <summary>
    /// Prepares the archive for a request. Throws <c>GAN3001</c> when there is no Dockerfile, and <c>GAN3016</c> or <c>GAN3018</c> when the
    /// context cannot be used.
    /// </summary>
    public static async Task<BuildContextArchive> OpenAsync(ImageBuildRequest request, CancellationToken cancellationToken)
    {
        var context = await BuildContext.OpenAsync(request, cancellationToken);
        return File.Exists(request.Dockerfile)
            ? new(request, context, request.DisplayName(request.Dockerfile))
            : throw DockerfileErrors.DockerfileMissing(request.Dockerfile);
    }

    /// <summary>Opens the stream. It is written while it is read; a write error is thrown to the reader.</summary>
    public Stream OpenRead(CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = WriteAsync(pipe.Writer, cancellationToken);
        return pipe.Reader.AsStream();
    }

    private void AddFile(string name, string path)
    {
        if (File.Exists(path))
            _files[name] = path;
    }

    private async Task WriteAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            await using var tar = writer.AsStream(leaveOpen: true);
            // Short names first: BuildKit recognizes a tar by its first block, which must not be a pax header.
            foreach (var (name, path) in _files.OrderBy(file => file.Key.Length))
                await WriteFileAsync(tar, name, path, isExecutable: false, cancellationToken);
            await WriteChildrenAsync(tar, _context.Root, cancellationToken);
            await tar.WriteAsync(Padding, cancellationToken);
            await tar.WriteAsync(Padding, cancellationToken);
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        await writer.CompleteAsync(failure);
    }

    private async Task WriteChildrenAsync(Stream tar, ContextItem directory, CancellationToken cancellationToken)
    {
        foreach (var item in _context.Children(directory, _location))
        {
            if (!_files.ContainsKey(item.Path))
                await WriteAsync(tar, item, cancellationToken);
        }
    }

    private async Task WriteAsync(Stream tar, ContextItem item, CancellationToken cancellationToken)
    {
        // An engine would store it, and delete files of the base image with it.
        if (ImagePath.IsWhiteout(item.Name))
            throw ContextErrors.WhiteoutName(_location, item.Path);
        switch (item.Kind)
        {
            case FileKind.Directory:
                await tar.WriteAsync(Header(item.Path, TarEntryType.Directory), cancellationToken);
                await WriteChildrenAsync(tar, item, cancellationToken);
                break;
            case FileKind.SymbolicLink:
                await tar.WriteAsync(Header(item.Path, TarEntryType.SymbolicLink, link: item.LinkTarget), cancellationToken);
                break;
            default:
                await WriteFileAsync(tar, item.Path, item.FullPath, item.IsExecutable, cancellationToken);
                break;
        }
    }

    private async Task WriteFileAsync(Stream tar, string name, string path, bool isExecutable, CancellationToken cancellationToken)
    {
        await using var content = OpenFile(name, path);
        var size = content.Length;
        await tar.WriteAsync(
            Header(name, TarEntryType.RegularFile, isExecutable ? FileModes.Executable : FileModes.Regular, size), cancellationToken);
        await content.CopyToAsync(tar, cancellationToken);
        if (content.Position != size)
            throw ContextErrors.FileChanged(path);
        await tar.WriteAsync(Padding.AsMemory(0, (int)(TarHeader.Padded(size) - size)), cancellationToken);
    }

    private FileStream OpenFile(string name, string path)
    {
        try
        {
            return RegularFile.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ContextErrors.UnreadableSource(_location, name, exception);
        }
    }

    private byte[] Header(string name, TarEntryType type, int? mode = null, long size = 0, string? link = null) =>
        TarHeader.Write(name, type, mode, size, _timeOf(name), link: link);
}
