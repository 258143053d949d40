using Perennial.Protocol.Rolling;
using Perennial.Provisioning.Blocks;
using Perennial.Server.Breach;

namespace Perennial.Server.Http;

/// <summary>Blocks as the service API reads and writes them.</summary>
internal static class BlockDocuments
{
    public static BlockDocument From(Block block, DrainProgress? progress) => new()
    {
        Kind = RollDocuments.Word(block.Kind),
        Name = block.Name,
        Mode = block.IsCut ? "cut" : "drain",
        RatePerMinute = block.Drain?.RatePerMinute,
        Order = block.Drain is { } drain ? RollDocuments.Word(drain.Order) : null,
        First = block.Drain is { First.Count: > 0 } ordered ? ordered.First : null,
        TakesUnseen = block.Drain?.TakesUnseen,
        Reason = block.Reason,
        Actor = block.Actor,
        AtUtc = block.At,
        Devices = progress?.Devices,
        Admitted = progress?.Admitted,
        TurnsSinceUtc = progress?.Ordered,
    };

    public static bool TryReadKind(string text, out BlockKind kind)
    {
        var isRead = RollDocuments.TryReadWord<BlockKind>(text, out var read) && read is not null;
        kind = read ?? default;
        return isRead;
    }

    /// <summary>Reads a wish, or says in one sentence what cannot be read.</summary>
    public static bool TryRead(
        string kind, string name, BlockRequestDocument document, [NotNullWhen(true)] out BlockWish? wish, [NotNullWhen(false)] out string? fault)
    {
        var isKind = TryReadKind(kind, out var read);
        DrainOrder? order = null;
        fault = !isKind ? "What is blocked is a certificate, an issuer, a device or a group."
            : document.Mode is not (null or "cut" or "drain") ? $"'{document.Mode}' is no mode: cut or drain."
            : !RollDocuments.TryReadWord(document.Order, out order) ? $"'{document.Order}' is no order: lastSeen or longestValid."
            : document.Mode != "drain" && (document.RatePerMinute ?? (object?)document.Order ?? document.First ?? (object?)document.TakesUnseen) is not null
                ? "ratePerMinute, order, first and takesUnseen are for the mode drain."
            : null;
        wish = fault is null ? new BlockWish(read, name, document.Reason, document.Mode == "drain" ? Terms(document, order) : null, document.Certificate) : null;
        return fault is null;
    }

    private static DrainTerms Terms(BlockRequestDocument document, DrainOrder? order)
    {
        var usual = new DrainTerms();
        return usual with
        {
            RatePerMinute = document.RatePerMinute ?? usual.RatePerMinute,
            Order = order ?? usual.Order,
            First = document.First ?? usual.First,
            TakesUnseen = document.TakesUnseen ?? usual.TakesUnseen,
        };
    }
}
