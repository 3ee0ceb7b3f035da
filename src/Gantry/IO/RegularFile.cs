using System.Formats.Tar;

namespace Gantry.IO;

/// <summary>
/// Opens files for reading. A pipe blocks the process that opens it until another one writes, a device may never end, and neither can be
/// interrupted: such files are refused before they are opened, and folders as well.
/// </summary>
public static class RegularFile
{
    // The type flag in a tar header, and its value for a regular file (POSIX.1-2017, pax, "ustar Interchange Format").
    private const int TypeFlagOffset = 156;
    private const byte RegularType = (byte)'0';

    // COR_E_IO: the error of an IOException that .NET has thrown by itself.
    private const int NotOfTheSystem = unchecked((int)0x80131620);

    /// <summary>Opens a file for asynchronous reading from its beginning to its end, without a buffer.</summary>
    /// <exception cref="GantryException"><c>GAN3035</c>: it is not a regular file.</exception>
    /// <exception cref="IOException">It does not exist or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path)
    {
        Ensure(path);
        return new FileStream(path, new FileStreamOptions
        {
            Access = FileAccess.Read,
            Share = FileShare.Read | FileShare.Delete,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        });
    }

    /// <summary>Reads a small file completely; throws like <see cref="OpenRead"/>.</summary>
    public static byte[] ReadAllBytes(string path)
    {
        Ensure(path);
        return File.ReadAllBytes(path);
    }

    /// <summary>Reads a small file completely; throws like <see cref="OpenRead"/>.</summary>
    public static Task<byte[]> ReadAllBytesAsync(string path, CancellationToken cancellationToken)
    {
        Ensure(path);
        return File.ReadAllBytesAsync(path, cancellationToken);
    }

    /// <summary>Reads a small text file completely; throws like <see cref="OpenRead"/>.</summary>
    public static Task<string> ReadAllTextAsync(string path, CancellationToken cancellationToken)
    {
        Ensure(path);
        return File.ReadAllTextAsync(path, cancellationToken);
    }

    /// <summary>Reads a small text file completely; throws like <see cref="OpenRead"/>.</summary>
    public static string ReadAllText(string path)
    {
        Ensure(path);
        return File.ReadAllText(path);
    }

    /// <summary>Throws <c>GAN3035</c> when there is something else than a regular file. Links are followed.</summary>
    public static void Ensure(string path)
    {
        if (Directory.Exists(path))
            throw StorageErrors.NotAFile(path, "a folder");
        if (IsSpecial(path))
            throw StorageErrors.NotAFile(path, "a pipe, a socket or a device");
    }

    /// <summary>True when there is a pipe, a socket or a device. Links are followed.</summary>
    public static bool IsSpecial(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
            return false;

        var file = TargetOf(new FileInfo(path));
        return file.Exists ? file.Length == 0 && IsSpecial(file) : IsOpenFile(file.Name);
    }

    // Below /proc/PID/fd, links name what has no path: pipe:[4026], socket:[4027]. Any other link that leads nowhere is one to a missing
    // file.
    private static bool IsOpenFile(string target) => target.Contains(":[", StringComparison.Ordinal);

    private static FileInfo TargetOf(FileInfo file)
    {
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }
        catch (IOException)
        {
            // A cycle. It is an error when the file is opened.
            return file;
        }
    }

    // .NET does not distinguish pipes and devices from files, but its tar writer does. They have no length, so ordinary files are not
    // slowed down. The format of GNU has room for every number of a user; that of ustar ends at 2,097,151.
    private static bool IsSpecial(FileInfo file)
    {
        using var header = new MemoryStream();
        try
        {
            using var tar = new TarWriter(header, TarEntryFormat.Gnu, leaveOpen: true);
            tar.WriteEntry(file.FullName, "x");
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException exception)
        {
            // A tar cannot contain sockets. All other errors are those of the system when it opens a regular file.
            return exception.HResult == NotOfTheSystem;
        }

        return header.Length > TypeFlagOffset && header.GetBuffer()[TypeFlagOffset] != RegularType;
    }
}
