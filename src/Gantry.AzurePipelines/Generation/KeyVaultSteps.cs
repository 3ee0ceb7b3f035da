using System.Text.RegularExpressions;
using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Model;
using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Generation;

/// <summary>Reads secrets of key vaults in the jobs that need them.</summary>
internal static partial class KeyVaultSteps
{
    public static IEnumerable<Diagnostic> Check(IReadOnlyList<KeyVault> vaults)
    {
        for (var i = 0; i < vaults.Count; i++)
        {
            var path = PathOf(i);
            if (StepRules.IsNoLiteral(vaults[i].Name))
                yield return PipelineErrors.NotLiteral(path, "the name of a key vault", vaults[i].Name);
            if (vaults[i].Secrets.Count == 0)
                yield return PipelineErrors.NothingInside(path, $"the key vault '{vaults[i].Name}'", "secrets");
            foreach (var secret in vaults[i].Secrets.Where(secret => !SecretName().IsMatch(secret)))
                yield return PipelineErrors.InvalidName(path, "secret in a key vault", secret, "letters, digits and '-'");
        }

        var secrets = vaults.SelectMany((vault, i) => vault.Secrets.Select(secret => (Path: PathOf(i), Secret: secret)));
        foreach (var diagnostic in NameRules.Unique(
            secrets, secret => secret.Secret, secret => secret.Path, "secret", "the key vaults"))
            yield return diagnostic;
    }

    /// <summary>Returns the stage with a step before the first one that names a secret of a vault.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="vaults">The vaults.</param>
    /// <param name="retries">The number of times that reading is tried again.</param>
    /// <param name="runsInForks">True when pull requests run the pipeline.</param>
    public static Stage AddTo(Stage stage, IReadOnlyList<KeyVault> vaults, int retries, bool runsInForks) => vaults.Count == 0
        ? stage
        : stage with { Jobs = [.. stage.Jobs.Select(job => vaults.Select((vault, i) => (vault, i)).Aggregate(
            job, (known, next) => AddTo(known, next.vault, PathOf(next.i), runsInForks && stage.When is null, retries)))] };

    // One step for each condition of the steps that name secrets: a step after a failure needs its secrets also when the others were
    // skipped, and a job that goes well does not read them.
    private static Job AddTo(Job job, KeyVault vault, string path, bool runsInForks, int retries)
    {
        var steps = job.Steps.ToList();
        foreach (var users in job.Steps.Where(step => vault.Secrets.Any(secret => Names(step, secret))).GroupBy(step => step.Condition))
        {
            var needed = vault.Secrets.Where(secret => users.Any(step => Names(step, secret)));
            steps.Insert(steps.IndexOf(users.First()), new TaskStep("AzureKeyVault@2")
            {
                DisplayName = $"Read secrets of {vault.Name}",
                Condition = users.Key,

                // The service asks the checks of the connection before a stage that has the step, whatever the step's own condition says.
                When = runsInForks ? Step.IsNotFork : null,
                RetryCountOnTaskFailure = retries > 0 ? retries : null,
                Inputs =
                [
                    BuildSteps.Input("azureSubscription", vault.ServiceConnection),
                    BuildSteps.Input("KeyVaultName", vault.Name),
                    BuildSteps.Input("SecretsFilter", string.Join(',', needed)),
                    BuildSteps.Input("RunAsPreJob", false),
                ],
                Origin = path,
            });
        }

        return job with { Steps = steps };
    }

    private static bool Names(Step step, string secret) =>
        step.Secrets.Contains(secret, StringComparer.OrdinalIgnoreCase)
        || step.Environment.SelectMany(variable => MacroParser.Parse(variable.Value, out _)).OfType<MacroPart>()
            .Any(macro => macro.Variable.Equals(secret, StringComparison.OrdinalIgnoreCase));

    private static string PathOf(int vault) => $"KeyVaults[{vault}]";

    [GeneratedRegex("^[0-9A-Za-z-]{1,127}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();
}
