namespace Gantry.Tests.Registries;

/// <summary>A test of missing read permissions: root may read everything, and Windows has other permissions.</summary>
internal sealed class UnprivilegedFactAttribute : FactAttribute
{
    public UnprivilegedFactAttribute()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Skip = "needs a user who may not read everything";
    }
}
