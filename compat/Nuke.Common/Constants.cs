using Nuke.Common.IO;

namespace Nuke.Common;

internal static class Constants
{
    public const string BuildSchemaFileName = "build.schema.json";

    public const string InvokedTargetsParameterName = "Target";
    public const string SkippedTargetsParameterName = "Skip";
    public const string RootDirectoryParameterName = "Root";
    public const string ProfilesParameterName = "Profile";
    public const string TargetsSeparator = "+";

    /// <summary>The folder of a root directory that has the parameters, whether or not it exists.</summary>
    public static AbsolutePath DirectoryOf(AbsolutePath root)
        => root / (Product.DirectoryNames.FirstOrDefault(x => (root / x).DirectoryExists()) ?? Product.DirectoryNames[0]);
}
