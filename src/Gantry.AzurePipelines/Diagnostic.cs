namespace Gantry.AzurePipelines;

/// <summary>An error or warning about a declaration or pipeline.</summary>
/// <param name="Code">The stable code, <c>GAN8xxx</c>, or the code of the part of Gantry that reported it.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Problem">The problem, with the name and the value.</param>
/// <param name="Remedy">The remedy, as an imperative.</param>
/// <param name="DeclarationPath">The path in the declaration: <c>Environments["prod"].Gates[0]</c>.</param>
public sealed record Diagnostic(string Code, DiagnosticSeverity Severity, string Problem, string Remedy, string DeclarationPath)
{
    /// <summary>The complete message in one sentence.</summary>
    public string Message => $"{Code}: {Problem} ({DeclarationPath}); {Remedy}.";

    /// <inheritdoc/>
    public override string ToString() => Message;

    internal GantryException ToException() => new(Code, $"{Problem} ({DeclarationPath})", Remedy);
}

/// <summary>The severity of a finding.</summary>
public enum DiagnosticSeverity
{
    /// <summary>It works, but perhaps not as intended.</summary>
    Warning,

    /// <summary>It cannot work; nothing is generated.</summary>
    Error,
}
