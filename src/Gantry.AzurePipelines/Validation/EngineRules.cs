namespace Gantry.AzurePipelines.Validation;

/// <summary>Rules of the engine, which throws where a declaration collects its errors.</summary>
internal static class EngineRules
{
    /// <summary>Returns the error with which a rule refuses a value; null when it accepts it.</summary>
    public static GantryException? FindError(Action rule)
    {
        try
        {
            rule();
            return null;
        }
        catch (GantryException exception)
        {
            return exception;
        }
    }
}
