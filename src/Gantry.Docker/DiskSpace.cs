namespace Gantry.Docker;

/// <summary>Tells a full disk from other failures of writing.</summary>
internal static class DiskSpace
{
    private const int NoSpaceLeft = 28;                       // ENOSPC
    private const int QuotaExceeded = 122;                    // EDQUOT
    private const int DiskFull = unchecked((int)0x80070070);  // ERROR_DISK_FULL
    private const int HandleDiskFull = unchecked((int)0x80070027);

    public static bool IsExhausted(IOException exception) =>
        OperatingSystem.IsWindows()
            ? exception.HResult is DiskFull or HandleDiskFull
            : exception.HResult is NoSpaceLeft or QuotaExceeded;
}
