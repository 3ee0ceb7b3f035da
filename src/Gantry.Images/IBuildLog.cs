namespace Gantry.Images;

/// <summary>Receives the messages of a builder.</summary>
public interface IBuildLog
{
    /// <summary>Writes a message.</summary>
    void Information(string message);

    /// <summary>Writes a warning about something that works but is not as it should be.</summary>
    void Warning(string message);
}
