namespace Gantry.Cli;

/// <summary>The options that do what the remedies of errors name.</summary>
internal static class CliRemedies
{
    /// <summary>Returns the message of an error, with the options of its remedy.</summary>
    public static string MessageOf(Exception error) => error is GantryException known ? known.Offering(OptionOf).Message : error.Message;

    private static string? OptionOf(RemedyAction action) => action == RemedyAction.MoveTag ? "--move-tag \"reason\"" : null;
}
