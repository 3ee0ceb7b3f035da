using System.Text.Json.Nodes;

namespace Gantry.Notifications;

/// <summary>
/// Writes a message in Block Kit. All texts are plain text, so that nothing in them formats, mentions or links; the three signs that Slack
/// reads anyway are escaped.
/// </summary>
/// <seealso href="https://docs.slack.dev/reference/block-kit/blocks/">Block Kit</seealso>
internal static class SlackPayload
{
    // The limits of header, field and fields in Block Kit, less what escapes add.
    private const int LongestTitle = 150;
    private const int LongestFact = 2000;
    private const int ShownFacts = 10;
    private const int LongestEscape = 5;

    public static JsonObject Write(NotificationMessage message)
    {
        var title = Escape(message.Title, LongestTitle);
        var blocks = new JsonArray(new JsonObject { ["type"] = "header", ["text"] = Plain(title) });
        if (message.Facts.Count > 0)
        {
            blocks.Add((JsonNode)new JsonObject
            {
                ["type"] = "section",
                ["fields"] = new JsonArray(
                    [
                        .. message.Facts.Take(ShownFacts)
                            .Select(fact => (JsonNode)Plain(Escape($"{fact.Label}: {fact.Value}", LongestFact))),
                    ]),
            });
        }

        if (MessageText.Link(message.RunUrl) is { } url)
        {
            blocks.Add((JsonNode)new JsonObject
            {
                ["type"] = "actions",
                ["elements"] = new JsonArray(new JsonObject { ["type"] = "button", ["text"] = Plain("Open the run"), ["url"] = url }),
            });
        }

        return new JsonObject { ["text"] = title, ["mrkdwn"] = false, ["blocks"] = blocks };
    }

    private static JsonObject Plain(string text) => new() { ["type"] = "plain_text", ["text"] = text, ["emoji"] = false };

    private static string Escape(string text, int most)
    {
        var shown = Escape(MessageText.Shorten(text, most));
        return shown.Length <= most ? shown : Escape(MessageText.Shorten(text, most / LongestEscape));
    }

    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
