using Gantry.Nuke.Execution;
using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// Lists the targets that would run, in order, when <c>--plan</c> is given. NUKE itself opens a page in a browser, and fails without one.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShowPlanAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>Runs after the logo and before NUKE's own page, which ends the program.</summary>
    public override float Priority { get; set; } = 12;

    /// <inheritdoc/>
    public void OnBuildInitialized(
        IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Plan)
            return;

        BuildOutput.Out.WriteLine("Execution plan:");
        BuildOutput.Out.WriteLine();
        var width = executionPlan.Max(target => target.Name.Length);
        foreach (var (index, target) in executionPlan.Index())
        {
            var remark = CommandLineTargets.WillRun(target) ? target.Description : "(skipped)";
            BuildOutput.Out.WriteLine($"  {index + 1,2}  {target.Name.PadRight(width)}  {remark}".TrimEnd());
        }

        BuildOutput.Out.WriteLine();
        if (!HasBrowser())
            Environment.Exit(0);
    }

    // A page is only useful on an interactive desktop.
    private static bool HasBrowser() =>
        NukeBuild.IsLocalBuild && !Console.IsInputRedirected && !Console.IsOutputRedirected
        && (!OperatingSystem.IsLinux()
            || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "xdg-open"))));
}
