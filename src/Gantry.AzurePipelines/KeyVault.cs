namespace Gantry.AzurePipelines;

/// <summary>
/// Secrets of an Azure Key Vault. They are read in each job that has a step which names one of them, before that step, and in no other job.
/// Runs of pull requests from forks never read them.
/// </summary>
/// <param name="Name">The name of the vault.</param>
/// <param name="ServiceConnection">The Azure Resource Manager service connection, which needs the right to get secrets.</param>
/// <param name="Secrets">The secrets: letters, digits and '-'. Steps name them in <c>Secrets</c>, or map <c>$(name)</c>.</param>
public sealed record KeyVault(string Name, string ServiceConnection, params IReadOnlyList<string> Secrets);
