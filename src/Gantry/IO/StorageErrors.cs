namespace Gantry.IO;

/// <summary>Errors of disks and files: GAN2009, GAN2022, GAN3019, GAN3035, GAN3036.</summary>
internal static class StorageErrors
{
    public static GantryException DiskFull(string path, Exception? inner = null) =>
        new("GAN2009", $"there is no space left to write {path}", "free some disk space and run it again", inner);

    public static GantryException FileAccess(string path, string reason, Exception? inner = null) =>
        new("GAN2022", $"{path} cannot be read or written: {reason}", inner is null ? CheckPermissions : RemedyFor(inner), inner);

    public static GantryException NoTemporaryFolder(string folder, Exception inner) =>
        ResourceLimits.Find(inner, folder) ?? new(
            "GAN3019",
            $"cannot write to the temporary folder {folder}: {inner.Message.TrimEnd('.')}",
            "free some space there, or set TMPDIR (on Windows TEMP) to another writable folder",
            inner);

    public static GantryException NotAFile(string path, string kind) =>
        new("GAN3035", $"{path} is {kind}, and not a file", "name a regular file, or put one in its place");

    public static GantryException TooManyOpenFiles(string? what, Exception? inner) =>
        new(
            "GAN3036",
            $"this process may not open enough files and connections at once{(what is null ? "" : $": {what} is one too many")}",
            "allow it more of them (ulimit -n 4096), or copy fewer blobs at once",
            inner);

    /// <summary>Returns the error that a failure to read or write a file is: <c>GAN2009</c>, <c>GAN2022</c> or <c>GAN3036</c>.</summary>
    public static GantryException For(Exception exception, string file) =>
        IsDiskFull(exception)
            ? DiskFull(file, exception)
            : ResourceLimits.Find(exception, file) ?? FileAccess(file, exception.Message.TrimEnd('.'), exception);

    /// <summary>True when there was no space: ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.</summary>
    public static bool IsDiskFull(Exception exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);

    private const string CheckPermissions = "check the permissions of the folder";

    private static string RemedyFor(Exception exception) => exception switch
    {
        PathTooLongException => "choose a shorter path",
        { HResult: ReadOnlyFileSystem or WriteProtected } => "choose a folder that is not on a read-only file system",
        { HResult: LinkCycle or LinkCycleOnMac } => "correct the symbolic links in the path, which form a cycle",
        { HResult: InputOutput } => "check the disk, which has an error",
        _ => CheckPermissions,
    };

    // EROFS, ELOOP and EIO on Unix; ERROR_WRITE_PROTECT on Windows.
    private const int ReadOnlyFileSystem = 30;
    private const int WriteProtected = unchecked((int)0x80070013);
    private const int LinkCycle = 40;
    private const int LinkCycleOnMac = 62;
    private const int InputOutput = 5;
}
