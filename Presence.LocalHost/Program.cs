Console.WriteLine("Presence local host");
