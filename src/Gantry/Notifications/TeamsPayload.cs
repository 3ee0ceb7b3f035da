using System.Text.Json.Nodes;

namespace Gantry.Notifications;

/// <summary>
/// Writes a message as an Adaptive Card, as a workflow of Teams receives it. All texts are in runs of rich text, which have no Markdown:
/// nothing in them formats, mentions or links.
/// </summary>
/// <seealso href="https://adaptivecards.io/explorer/RichTextBlock.html">Adaptive Cards, RichTextBlock</seealso>
internal static class TeamsPayload
{
    // A card has 28 KB at most, and an escape of one character has six bytes.
    private const int LongestText = 300;
    private const int LongestLabel = 60;
    private const int ShownFacts = 10;

    public static JsonObject Write(NotificationMessage message)
    {
        var title = Run(message.Title, LongestText);
        (title["size"], title["weight"], title["color"]) = ("Medium", "Bolder", message.IsGood ? "Good" : "Attention");
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = new JsonArray(
                [Block(title), .. message.Facts.Take(ShownFacts).Select(fact => (JsonNode)Fact(fact.Label, fact.Value))]),
        };
        if (MessageText.Link(message.RunUrl) is { } url)
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Open the run", ["url"] = url });
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject
            {
                ["contentType"] = "application/vnd.microsoft.card.adaptive",
                ["contentUrl"] = null,
                ["content"] = card,
            }),
        };
    }

    private static JsonObject Fact(string label, string value)
    {
        var name = Run($"{label}: ", LongestLabel);
        name["weight"] = "Bolder";
        return Block(name, Run(value, LongestText));
    }

    private static JsonObject Block(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    // A template of the service could read two braces.
    private static JsonObject Run(string text, int longest) => new()
    {
        ["type"] = "TextRun",
        ["text"] = MessageText.Shorten(text, longest).Replace("{{", "{ {", StringComparison.Ordinal),
    };
}
