"""MD5 checksums of published files, to recognise them.

Source: torchvision, `datasets/cifar.py`, `mnist.py` and `svhn.py`, where they guard downloads.
"""

MD5 = {
    "c99cafc152244af753f735de768cd75f": "CIFAR-10, data_batch_1",
    "d4bba439e000b95fd0a9bffe97cbabec": "CIFAR-10, data_batch_2",
    "54ebc095f3ab1f0389bbae665268c751": "CIFAR-10, data_batch_3",
    "634d18415352ddfa80567beed471001a": "CIFAR-10, data_batch_4",
    "482c414d41f54cd18b22e5b47cb7c3cb": "CIFAR-10, data_batch_5",
    "40351d587109b95175f43aff81a1287e": "CIFAR-10, test_batch",
    "16019d7e3df5f24257cddd939b257f8d": "CIFAR-100, train",
    "f0ef6b0ae62326f3e7ffdfab6717acfc": "CIFAR-100, test",
    "f68b3c2dcbeaaa9fbdd348bbdeb94873": "MNIST, train-images-idx3-ubyte.gz",
    "d53e105ee54ea40749a09fcbcd1e9432": "MNIST, train-labels-idx1-ubyte.gz",
    "9fb629c4189551a2d022fa330f9573f3": "MNIST, t10k-images-idx3-ubyte.gz",
    "ec29112dd5afa0611ce80d1b7f02629c": "MNIST, t10k-labels-idx1-ubyte.gz",
    "8d4fb7e6c68d591d4c3dfef9ec88bf0d": "Fashion-MNIST, train-images-idx3-ubyte.gz",
    "25c81989df183df01b3e8a0aad5dffbe": "Fashion-MNIST, train-labels-idx1-ubyte.gz",
    "bef4ecab320f06d8554ea6380940ec79": "Fashion-MNIST, t10k-images-idx3-ubyte.gz",
    "bb300cfdad3c16e7a12a480ee83cd310": "Fashion-MNIST, t10k-labels-idx1-ubyte.gz",
    "e26dedcc434d2e4c54c9b2d4a06d8373": "SVHN, train_32x32.mat",
    "eb5a983be6a315427106f1b164d9cef3": "SVHN, test_32x32.mat",
}
