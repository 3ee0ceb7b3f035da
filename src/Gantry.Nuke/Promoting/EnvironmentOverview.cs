using Gantry.Display;
using Gantry.Environments;
using Gantry.Nuke.Environments;
using Gantry.Nuke.Execution;
using Gantry.Nuke.Registries;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows the release in each environment, as read from the registries.</summary>
internal static class EnvironmentOverview
{
    /// <summary>Reads the registries and prints a table.</summary>
    /// <param name="registries">The registries of the build.</param>
    /// <param name="images">The names of the images.</param>
    /// <param name="version">The version to look for, or null.</param>
    /// <param name="cancellationToken">Cancels the run.</param>
    public static async Task ShowAsync(
        RegistrySettings registries, IReadOnlyList<string> images, string? version, CancellationToken cancellationToken)
    {
        var targets = (EnvironmentDeclarations.Of(registries.Build) ?? EnvironmentSet.Create([]))
            .SelectMany(environment => PromotionTarget.Of(environment, registries.Of(environment)));

        // Each environment may have its own identity.
        var status = await Task.WhenAll(targets.Select(target =>
            new EnvironmentReader(RegistryAccess.Of(registries, target.Environment).Client).ReadAsync(
                target, images, version, cancellationToken)));
        var now = TimeProvider.System.GetUtcNow();
        EnvironmentTable.Write(BuildOutput.Out, status, now);
        RunReport.Current.WriteEnvironments(status, now);
    }
}
