namespace Gantry.Admission.Languages;

/// <summary>Comments of YAML and Rego: one line each, whatever is in it.</summary>
internal static class PolicyComment
{
    /// <summary>Returns a text that no reader takes for more than one line.</summary>
    public static string Line(string text) => DisplayText.Neutralize(text);
}
