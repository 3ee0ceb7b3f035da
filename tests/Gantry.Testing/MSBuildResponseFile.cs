namespace Gantry.Testing;

/// <summary>
/// Limits builds that tests run to one process each, because other tests use all cores, and without node reuse, because another build of
/// this user could end the shared process. They run no analyzers: those have judged the same sources when the tests were compiled, and take
/// longer than the compiler.
/// </summary>
public static class MSBuildResponseFile
{
    /// <summary>Writes the response file that makes every build in the folder, or below it, run in one process.</summary>
    /// <seealso href="https://learn.microsoft.com/visualstudio/msbuild/msbuild-response-files">MSBuild response files</seealso>
    public static void Write(string folder) =>
        File.WriteAllText(Path.Combine(folder, "Directory.Build.rsp"), "-maxCpuCount:1\n-nodeReuse:false\n-property:RunAnalyzers=false\n");
}
