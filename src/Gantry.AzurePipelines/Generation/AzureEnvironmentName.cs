using Gantry.AzurePipelines.Validation;

namespace Gantry.AzurePipelines.Generation;

/// <summary>The names that environments can have in Azure DevOps.</summary>
internal static class AzureEnvironmentName
{
    // What the service refuses when an environment is created. It documents no list.
    private const string Forbidden = "\"/\\[]:|<>+=;?*,";

    /// <summary>Returns why a text is no name of an environment, as the rest of a sentence; null when it is one.</summary>
    /// <param name="name">The name.</param>
    /// <param name="withResource">True when the name of a resource in the environment may follow after a dot.</param>
    public static string? Validate(string name, bool withResource = false)
    {
        if (string.IsNullOrWhiteSpace(name))
            return "it is empty";
        if (name != name.Trim())
            return "it begins or ends with a space";
        if (StepRules.HasVariable(name) || name.Contains("${{", StringComparison.Ordinal))
            return "the service looks it up before it replaces variables";
        if (!withResource && name.Contains('.', StringComparison.Ordinal))
            return "the service reads what comes after '.' as a resource in the environment";
        return name.Any(letter => char.IsControl(letter) || Forbidden.Contains(letter, StringComparison.Ordinal))
            ? $"the service takes no control characters and none of {string.Join(' ', Forbidden.ToCharArray())}"
            : null;
    }
}
