namespace Gantry.Testing;

/// <summary>
/// Builds that tests run: in one process each, as other tests keep all cores busy, and in none that another build of this user may end.
/// </summary>
public static class SmallBuilds
{
    /// <summary>Lets every build of a project in the folder, or below it, run in one process.</summary>
    /// <seealso href="https://learn.microsoft.com/visualstudio/msbuild/msbuild-response-files">MSBuild response files</seealso>
    public static void In(string folder) => File.WriteAllText(Path.Combine(folder, "Directory.Build.rsp"), "-maxCpuCount:1\n-nodeReuse:false\n");
}
