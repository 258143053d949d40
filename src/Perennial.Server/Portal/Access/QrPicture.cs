using System.Globalization;
using QRCoder;

namespace Perennial.Server.Portal.Access;

/// <summary>A QR code as the path of an SVG picture, one square a unit.</summary>
/// <param name="Path">Its dark modules.</param>
/// <param name="Size">Modules to a side.</param>
internal sealed record QrPicture(string Path, int Size)
{
    public static QrPicture Of(string text)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var path = new StringBuilder();
        // The generator puts four light modules around.
        const int Margin = 4;
        var size = code.ModuleMatrix.Count - (2 * Margin);
        for (var y = 0; y < size; y++)
        {
            for (var x = 0; x < size; x++)
            {
                if (code.ModuleMatrix[y + Margin][x + Margin])
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
                }
            }
        }

        return new QrPicture(path.ToString(), size);
    }
}
