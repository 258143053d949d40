namespace Perennial.Server.Amqp;

/// <summary>What one AMQP connection may ask of this server.</summary>
internal static class AmqpBounds
{
    /// <summary>Bytes of the largest frame, in both directions; the peer may ask for smaller ones.</summary>
    public const int MaxFrame = 64 * 1024;

    /// <summary>Bytes of the smallest bound that a peer may set (AMQP 1.0 §2.4.1).</summary>
    public const int MinMaxFrame = 512;

    /// <summary>Bytes of a message as it is encoded: the hub's 256 KB and room for its names and sections.</summary>
    public const int MaxMessage = (256 + 64) * 1024;

    /// <summary>Bytes of messages begun and not ended, all links of a connection together.</summary>
    public const int MaxUnfinished = 4 * MaxMessage;

    /// <summary>The highest channel: one client pools a session for each of its devices on a connection.</summary>
    public const ushort ChannelMax = 4095;

    /// <summary>The highest handle of a session.</summary>
    public const uint HandleMax = 255;

    /// <summary>Links of a connection, all its sessions together.</summary>
    public const int MaxLinks = 16 * 1024;

    /// <summary>Deliveries of a session that the peer has not settled; more are not sent.</summary>
    public const int MaxUnsettled = 4096;

    /// <summary>Frames that the peer may send before it hears of the window again; what bounds it is the links' credit.</summary>
    public const uint IncomingWindow = int.MaxValue;

    /// <summary>Messages for which a link keeps credit granted.</summary>
    public const uint Credit = 200;

    /// <summary>How deep values may stand in each other.</summary>
    public const int MaxDepth = 24;

    /// <summary>How long after the handshake <c>open</c> may come.</summary>
    public static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(15);

    /// <summary>The silence that we ask the peer to break with an empty frame; the connection ends after twice of it.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(120);

    /// <summary>Empty frames are sent no faster than this, whatever the peer asks for.</summary>
    public static readonly TimeSpan ShortestIdle = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the peer has to answer <c>close</c>.</summary>
    public static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(1);
}
