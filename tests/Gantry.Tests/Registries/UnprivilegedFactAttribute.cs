namespace Gantry.Tests.Registries;

/// <summary>A test about what a user may not read: the administrator may read everything, and Windows has other permissions.</summary>
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Skip = "needs a user who may not read everything";
    }
}
