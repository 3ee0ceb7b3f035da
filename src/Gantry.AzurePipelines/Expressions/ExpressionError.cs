namespace Gantry.AzurePipelines.Expressions;

/// <summary>The reason why a text is not a valid expression.</summary>
/// <param name="Position">The position in the text, counted from zero.</param>
/// <param name="Reason">The reason, as the rest of a sentence.</param>
internal sealed record ExpressionError(int Position, string Reason);
