using Gantry.Nuke.Parameters;

namespace Gantry.Nuke;

/// <summary>
/// Shows with <c>--plan</c> which targets would run, in their order. NUKE by itself opens a page in a browser, and fails where there is none.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShowPlanAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>After the logo and before NUKE's own page, which ends the program.</summary>
    public override float Priority { get; set; } = 12;

    /// <inheritdoc/>
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Plan)
            return;

        Console.WriteLine("Execution plan:");
        Console.WriteLine();
        var width = executionPlan.Max(target => target.Name.Length);
        foreach (var (index, target) in executionPlan.Index())
        {
            var remark = CommandLineTargets.WillRun(target) ? target.Description : "(skipped)";
            Console.WriteLine($"  {index + 1,2}  {target.Name.PadRight(width)}  {remark}".TrimEnd());
        }

        Console.WriteLine();
        if (!HasBrowser())
            Environment.Exit(0);
    }

    // A page is for a person who sits in front of it.
    private static bool HasBrowser() =>
        NukeBuild.IsLocalBuild && !Console.IsInputRedirected && !Console.IsOutputRedirected
        && (!OperatingSystem.IsLinux() || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "xdg-open"))));
}
