using Gantry.AzurePipelines.Model;
using Gantry.Environments;

namespace Gantry.AzurePipelines.Generation;

/// <summary>
/// The jobs of an environment that place the images before the promotion, each its slice of them. They are in the stage of the deployment
/// job that promotes: the service asks the checks of its environment before any job of the stage.
/// </summary>
internal static class SliceJobs
{
    // The agent replaces both before the shell sees the line: two numbers of the service, and no text that a person has written.
    private const string Slice = "$(System.JobPositionInPhase)/$(System.TotalJobsInPhase)";

    /// <summary>Creates the job that the service runs once for each slice.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="environment">The environment.</param>
    /// <param name="route">The order of promotions.</param>
    /// <param name="region">The region of the job; null for all.</param>
    /// <param name="connection">The service connection of the region; null for that of the environment.</param>
    public static Job Create(
        PipelineDeclaration declaration, PipelineEnvironment environment, PromotionRoute route, string? region, string? connection)
    {
        var goal = region is null ? environment.Environment.DisplayName : $"{environment.Environment.DisplayName}, {region}";
        var arguments = $"{environment.Target} --skip --slice {Slice}"
            + (region is null ? "" : $" --region {region}")
            + (declaration.Transport == ImageTransport.Both && route.CarriesImages ? " " + Conditions.ImagesArgument(declaration) : "");
        var call = BuildSteps.Call(
            declaration.Commands, arguments, connection ?? environment.ServiceConnection, environment.SliceSecrets);
        var logins = JobLogins.Of(RegistryUse.OfPromotion(declaration, environment, region, readsBase: !route.CarriesImages));
        return new("Place" + (region is null ? "" : new PromotionEnvironment(region).Identifier))
        {
            DisplayName = $"Place in {goal}",
            Parallel = environment.Environment.Slices,

            // What a team adds after a promotion, such as a test of the service, has nothing to test yet.
            IsBeside = true,
            Pool = environment.Pool,
            Container = environment.Container,
            TimeoutInMinutes = environment.TimeoutInMinutes,
            Variables = [.. PromotionStages.Attempts(route)],
            Steps = logins.AddTo(
            [
                .. BuildSteps.Prepare(declaration.Tools, fullHistory: false),
                .. BuildSteps.Fetch(declaration, route),
                call with
                {
                    DisplayName = $"Place slice {Slice} in {goal}",
                    Environment = [.. BuildSteps.WithToken(call), .. route.Variables],
                    NeedsLogin = true,
                },
            ]),
            Origin = DeclarationPath.For(environment),
        };
    }
}
