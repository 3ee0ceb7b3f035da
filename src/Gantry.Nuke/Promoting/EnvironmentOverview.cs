using Gantry.AzurePipelines.Reporting;
using Gantry.Display;
using Gantry.Environments;
using Gantry.Nuke.Reporting;
using Gantry.Promotion;
using Gantry.Releases;

namespace Gantry.Nuke.Promoting;

/// <summary>Shows the release in each environment, as read from the registries.</summary>
internal static class EnvironmentOverview
{
    public static async Task ShowAsync(IPromote build, CancellationToken cancellationToken)
    {
        var environments = EnvironmentDeclarations.Of(build) ?? EnvironmentSet.Create([]);
        var places = environments
            .SelectMany(environment => build.RegistriesOf(environment).Select((address, number) => new EnvironmentPlace(environment, environment.Regions.ElementAtOrDefault(number), address)))
            .ToList();
        var images = ContainerImage.Validate(build.Images).Select(image => image.Name).ToList();
        var version = build.Release is { } release ? ReleaseTag.VersionOf(release) : null;

        // Each environment may have its own identity.
        var status = await Task.WhenAll(places.Select(place => new EnvironmentReader(RegistrySessions.Of(build, place.Environment)).ReadAsync(place, images, version, cancellationToken)));
        var now = TimeProvider.System.GetUtcNow();
        Write(status, now);
        RunReport.Current.WriteEnvironments(status, now);
    }

    private static void Write(IReadOnlyList<EnvironmentStatus> status, DateTimeOffset now)
    {
        var output = TerminalOutput.Out;
        if (output.IsTerminal)
        {
            EnvironmentTable.Write(output, status, now);
            return;
        }

        // Anyone with write access to a registry can put any text into a record; an agent must not interpret it as a command.
        using var text = new StringWriter();
        EnvironmentTable.Write(output with { Writer = text }, status, now);
        Console.Write(LoggingCommand.Neutralize(text.ToString()));
    }
}
