namespace Gantry.AzurePipelines.Expressions;

/// <summary>Why text is not an expression.</summary>
/// <param name="Position">Where in the text, counted from zero.</param>
/// <param name="Reason">What is wrong there, as the rest of a sentence.</param>
internal sealed record ExpressionError(int Position, string Reason);
