namespace Nuke.Common;

internal static class Constants
{
    public const string NukeDirectoryName = ".nuke";
    public const string BuildSchemaFileName = "build.schema.json";

    public const string InvokedTargetsParameterName = "Target";
    public const string SkippedTargetsParameterName = "Skip";
    public const string RootDirectoryParameterName = "Root";
    public const string ProfilesParameterName = "Profile";
    public const string TargetsSeparator = "+";
}
