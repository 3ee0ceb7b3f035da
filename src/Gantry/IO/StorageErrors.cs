namespace Gantry.IO;

/// <summary>Errors of disks and files: GAN2009, GAN2022, GAN3019.</summary>
internal static class StorageErrors
{
    public static GantryException DiskFull(string path, Exception? inner = null) =>
        new("GAN2009", $"there is no space left to write {path}", "free some disk space and run it again", inner);

    public static GantryException FileAccess(string path, string reason, Exception? inner = null) =>
        new("GAN2022", $"{path} cannot be read or written: {reason}", "check the permissions of the folder", inner);

    public static GantryException NoTemporaryFolder(string folder, Exception inner) =>
        new(
            "GAN3019",
            $"cannot write to the temporary folder {folder}: {inner.Message.TrimEnd('.')}",
            "free some space there, or set TMPDIR (on Windows TEMP) to another writable folder",
            inner);

    /// <summary>Returns the error that a failure to read or write a file is: <c>GAN2009</c> or <c>GAN2022</c>.</summary>
    public static GantryException For(Exception exception, string file) =>
        IsDiskFull(exception) ? DiskFull(file, exception) : FileAccess(file, exception.Message.TrimEnd('.'), exception);

    /// <summary>True when there was no space: ENOSPC and EDQUOT on Unix; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL on Windows.</summary>
    public static bool IsDiskFull(Exception exception) =>
        exception.HResult is 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
